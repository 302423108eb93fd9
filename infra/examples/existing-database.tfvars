# A database that you have. Copy it, change it, and: scripts/deploy --var-file FILE

region = "eu-central-1"

# User and password are in a secret {"username": "..", "password": ".."}: this one exists where RDS made
# the database with a managed password; otherwise
#   aws secretsmanager create-secret --name fanfare-database --secret-string file://secret.json
database_url        = "postgresql://db.example.com:5432/fanfare?sslmode=require"
database_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:fanfare-database-AbCdEf"

# Where the database is in a VPC: its private subnets, which need a NAT gateway or endpoints for Lambda,
# SQS, S3 and Secrets Manager, and a security group that the database's lets in on its port. Without
# these two the functions reach what is on the internet.
# subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
# security_group_ids = ["sg-0123456789abcdef0"]

# Each invocation of a step holds one or two connections.
step_concurrency = 50

# Where alarms go.
# alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:fanfare-alarms"
