-- Who tries whether a breaker may close: the same question read twice has one answer.
ALTER TABLE breaker ADD COLUMN trial_by text;

-- A run that a newer one has asked to stop: it is asked once.
ALTER TABLE hold ADD COLUMN superseded_by uuid;
