-- What listen knows of share links, in the social database: pages and what they are about, marks handed out, who opened
-- which, who came to a page through which mark first, page views that are not over yet, and what became of every opening.
CREATE TABLE shared_page (
    page bigint PRIMARY KEY,
    platform text NOT NULL,
    account text NOT NULL,
    content text NOT NULL,
    has_script boolean NOT NULL
);
CREATE TABLE share_token (
    mark bigint PRIMARY KEY,
    page bigint NOT NULL REFERENCES shared_page,
    campaign text,
    owner text NOT NULL DEFAULT '',
    device text NOT NULL DEFAULT '',
    parent bigint REFERENCES share_token,
    depth integer NOT NULL DEFAULT 0,
    way text NOT NULL CHECK (way IN ('root', 'chat', 'timeline', 'copy')),
    offered_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX share_token_once ON share_token (page, owner, way) WHERE owner <> '';
CREATE INDEX share_token_of_page ON share_token (page);
CREATE TABLE share_touch (
    page bigint NOT NULL REFERENCES shared_page,
    viewer text NOT NULL,
    token bigint REFERENCES share_token,
    touched_at timestamptz NOT NULL,
    passed_on_at timestamptz,
    PRIMARY KEY (page, viewer)
);
CREATE TABLE share_opening (
    token bigint NOT NULL REFERENCES share_token,
    viewer text NOT NULL,
    device text NOT NULL,
    net bytea,
    opened_at timestamptz NOT NULL,
    PRIMARY KEY (token, viewer)
);
CREATE TABLE share_view (
    view bytea PRIMARY KEY,
    page bigint NOT NULL REFERENCES shared_page,
    viewer text NOT NULL,
    campaign text,
    arrived_at timestamptz NOT NULL
);
CREATE INDEX share_view_by_arrival ON share_view (arrived_at);
CREATE TABLE share_verdict (page bigint NOT NULL, token bigint, day date NOT NULL, verdict text NOT NULL, n bigint NOT NULL);
CREATE INDEX share_verdict_of_page ON share_verdict (page, day);
