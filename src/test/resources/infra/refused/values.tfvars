# refused: name: 3 to 28 lower-case letters
# refused: runtime: java21 or a newer
# refused: architecture: arm64 or x86_64
# refused: auth: token, iam or none
# refused: database_url: postgresql://host:5432/database, without user
# refused: database_secret_arn: set it, or database_username
# refused: security_group_ids: goes with subnet_ids
# refused: '*' alone would be every function
# refused: an asterisk there would let in strangers
# refused: images: each has image_uri or function
# refused: secrets_manager_prefix: two or more
# refused: log_retention_days: one of CloudWatch's
# refused: shared_workspaces: EFS is reached through a VPC
# refused: memory: 256 to 10240
# refused: timeouts: 30 to 900
# refused: endpoint: an address such as
# refused: lease_seconds: 60 to 900
# refused: function_environment: the keys are
name                   = "Fanfare_1"
runtime                = "java17"
architecture           = "arm"
auth                   = "basic"
database_url           = "postgresql://user:password@host/database"
subnet_ids             = []
security_group_ids     = ["sg-1"]
lambda_functions       = ["*"]
ci_roles               = { github = { issuer = "token.actions.githubusercontent.com", subjects = ["repo:*"] } }
images                 = { "maven:3" = { image_uri = "uri", function = "name" } }
secrets_manager_prefix = "*"
log_retention_days     = 31
memory                 = { step = 128 }
timeouts               = { step = 901 }
endpoint               = "127.0.0.1:4566"
lease_seconds          = 5
function_environment   = { worker = {} }
shared_workspaces      = { access_point_arn = "a", file_system_arn = "b" }
