-- Who may call the API with what. Only a digest of each token is kept: a token has 256 random bits,
-- so nobody finds one by its digest. A token that was revoked stays, so that its name in the
-- history of a run can be looked up.
CREATE TABLE api_token (
  id         uuid        PRIMARY KEY,
  name       text        NOT NULL,
  scopes     text[]      NOT NULL,
  digest     bytea       NOT NULL UNIQUE,
  created_by text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  used_at    timestamptz,
  revoked_at timestamptz
);
