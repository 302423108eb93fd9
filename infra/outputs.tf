output "url" {
  description = "Where the HTTP API is."
  value       = one(aws_lambda_function_url.trigger[*].function_url)
}

output "functions" {
  description = "Names of the functions with their alias, by role."
  value       = { for name in local.functions : name => "${local.function_names[name]}:live" }
}

output "versions" {
  description = "Versions that the alias 'live' names."
  value       = merge({ for name, alias in aws_lambda_alias.live : name => alias.function_version }, { operator = aws_lambda_alias.operator.function_version })
}

output "former" {
  description = "Versions that were live before; empty if that is not known."
  value       = var.former
}

output "bucket" {
  description = "Bucket with layers, logs and outputs."
  value       = aws_s3_bucket.files.id
}

output "queues" {
  description = "URLs of the queues."
  value = {
    wake        = aws_sqs_queue.wake.url
    failed      = aws_sqs_queue.failed.url
    wake_dead   = aws_sqs_queue.wake_dead.url
    failed_dead = aws_sqs_queue.failed_dead.url
  }
}

output "ci_roles" {
  description = "ARNs of the roles for CI systems."
  value       = { for name, role in aws_iam_role.ci : name => role.arn }
}

output "auth" {
  description = "How callers of the URL prove who they are."
  value       = var.auth
}

output "region" {
  description = "Where it lives."
  value       = local.region
}
