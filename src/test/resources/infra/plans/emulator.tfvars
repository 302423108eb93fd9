# The same on an emulator.
region               = "us-east-1"
endpoint             = "http://127.0.0.1:4566"
function_endpoint    = "http://aws:4566"
database_url         = "postgresql://postgres:5432/fanfare"
database_username    = "fanfare"
database_password    = "fanfare"
bucket_force_destroy = true
alarms               = false
environment          = { EXTRA = "1" }
function_environment = { step = { MORE = "2" } }
