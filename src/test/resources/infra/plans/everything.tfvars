# Everything that can be switched on.
region                      = "eu-central-1"
name                        = "acme-ci"
tags                        = { team = "build" }
database_url                = "postgresql://db.example.com:5432/fanfare?sslmode=require"
database_secret_arn         = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf"
database_secret_kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
subnet_ids                  = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
security_group_ids          = ["sg-0123456789abcdef0"]
auth                        = "iam"
iam_callers                 = { "arn:aws:sts::123456789012:assumed-role/acme-ci-*" = "run" }
secrets_manager_prefix      = "fanfare/"
parameter_store_prefix      = "fanfare/"
secrets_kms_key_arns        = ["arn:aws:kms:eu-central-1:123456789012:key/66666666-7777-8888-9999-000000000000"]
lambda_functions            = ["resize-image", "shop-*", "arn:aws:lambda:eu-west-1:210987654321:function:mail:live"]
step_storage                = 10240
step_concurrency            = 100
hops                        = 500
alarm_topic_arn             = "arn:aws:sns:eu-central-1:123456789012:alarms"
shared_workspaces = {
  access_point_arn = "arn:aws:elasticfilesystem:eu-central-1:123456789012:access-point/fsap-0123456789abcdef0"
  file_system_arn  = "arn:aws:elasticfilesystem:eu-central-1:123456789012:file-system/fs-0123456789abcdef0"
}
images = {
  "maven:3" = { image_uri = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/fanfare-maven:3" }
  "node:22" = { function = "build-node" }
}
ci_roles = {
  github = {
    issuer   = "token.actions.githubusercontent.com"
    subjects = ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:environment:*"]
  }
  gitlab = {
    issuer       = "gitlab.com"
    audience     = "https://gitlab.com"
    subjects     = ["project_path:acme/shop:ref_type:branch:ref:main"]
    provider_arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com"
  }
}
