-- Invitations to share, shown by lot, in the social database: how many in a hundred viewers of a content are invited and
-- since when; and which viewer drew what, written once and before anything can come of it.
CREATE TABLE share_trial (
    trial bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform text NOT NULL,
    account text NOT NULL,
    content text NOT NULL,
    percent integer NOT NULL CHECK (percent BETWEEN 1 AND 99),
    begun_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE UNIQUE INDEX share_trial_once ON share_trial (platform, account, content) WHERE ended_at IS NULL;
CREATE TABLE share_arm (
    trial bigint NOT NULL REFERENCES share_trial,
    viewer text NOT NULL,
    invited boolean NOT NULL,
    drawn_at timestamptz NOT NULL,
    PRIMARY KEY (trial, viewer)
);
