# A database on the internet with a user and a password, no URL, no alarms.
region            = "us-east-1"
database_url      = "postgresql://db.example.com/fanfare"
database_username = "fanfare"
database_password = "secret"
worker_package    = null
url               = false
alarms            = false
snapstart         = false
migrate           = false
keep_days         = { layers = 7, logs = 0, outputs = 0 }
