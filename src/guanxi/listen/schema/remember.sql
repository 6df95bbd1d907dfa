-- One call remembers which activities arrive, in the younger half of the memory, and returns the keys that were known
-- already, end to end. Nobody turns the halves until the caller's transaction ends.
CREATE FUNCTION remember_keys(arriving uuid[]) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    fresh uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7236001);
    -- in the order of the keys, so that two doors that bring the same wait for each other and never in a ring
    IF (SELECT turn % 2 = 0 FROM seen_turn) THEN
        WITH kept AS (
            INSERT INTO seen_even SELECT a.key FROM unnest(arriving) AS a (key)
            WHERE NOT EXISTS (SELECT FROM seen_odd AS older WHERE older.key = a.key)
            ORDER BY a.key ON CONFLICT DO NOTHING RETURNING key
        ) SELECT array_agg(key) INTO fresh FROM kept;
    ELSE
        WITH kept AS (
            INSERT INTO seen_odd SELECT a.key FROM unnest(arriving) AS a (key)
            WHERE NOT EXISTS (SELECT FROM seen_even AS older WHERE older.key = a.key)
            ORDER BY a.key ON CONFLICT DO NOTHING RETURNING key
        ) SELECT array_agg(key) INTO fresh FROM kept;
    END IF;
    IF cardinality(fresh) = cardinality(arriving) THEN
        RETURN '';
    END IF;
    RETURN (
        SELECT string_agg(uuid_send(key), '')
        FROM (SELECT key FROM unnest(arriving) AS a (key) EXCEPT SELECT key FROM unnest(fresh) AS f (key)) AS known
    );
END $$;
