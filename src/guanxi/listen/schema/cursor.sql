-- How far each consumer has read; in the database of its effects, moved in the transaction of its effects.
CREATE TABLE consumer_cursor (
    name text PRIMARY KEY,
    epoch bigint NOT NULL,
    xid xid8 NOT NULL,
    seq bigint NOT NULL,
    parcels bigint NOT NULL DEFAULT 0,
    activities bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT now()
);
