-- How many viewers a row of draws stands for: one that is known by name, or all those of an arm who are forgotten.
ALTER TABLE share_arm ADD COLUMN viewers bigint NOT NULL DEFAULT 1;
