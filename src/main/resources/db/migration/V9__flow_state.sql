-- What workflows written in Java keep beyond their runs: values by key, those of a workflow (its
-- name is the scope) and those that all share ('').
CREATE TABLE flow_state (
  scope      text NOT NULL,
  key        text NOT NULL,
  value      json NOT NULL,
  expires_at timestamptz,
  PRIMARY KEY (scope, key)
);

-- What is stale, for whoever sets a value next.
CREATE INDEX flow_state_expires_at ON flow_state (expires_at) WHERE expires_at IS NOT NULL;
