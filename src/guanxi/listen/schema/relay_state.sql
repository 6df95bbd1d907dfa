CREATE TABLE relay_state (
    source text PRIMARY KEY,
    passed bigint NOT NULL,
    failed bigint NOT NULL,
    last_passed_at timestamptz,
    last_failed_at timestamptz,
    last_failure text NOT NULL,
    failing_since timestamptz
);
