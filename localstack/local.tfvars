# Fanfare on the emulator of docker-compose.yml.
region            = "us-east-1"
database_url      = "postgresql://postgres:5432/fanfare"
database_username = "fanfare"
database_password = "fanfare"

# The emulator listens on this machine alone.
auth = "none"

# What the functions see of it, beside them on the network.
function_endpoint = "http://aws:4566"

bucket_force_destroy = true
snapstart            = false
alarms               = false
log_retention_days   = 1
