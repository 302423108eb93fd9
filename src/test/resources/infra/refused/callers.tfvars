# refused: iam_callers: the values are
# refused: iam_callers: goes with auth
database_url      = "postgresql://db.example.com:5432/fanfare"
database_username = "fanfare"
database_password = "fanfare"
iam_callers       = { "*" = "root" }
