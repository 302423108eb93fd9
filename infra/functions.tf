# Four functions from one zip (or two). Each is published with every change and called through its
# alias 'live': SnapStart works on published versions only, and going back is to name another one.

# Larger than what Lambda takes in a request, so by way of the bucket. Published versions keep a copy
# of their own; the object may go.
resource "aws_s3_object" "package" {
  for_each = local.zips

  bucket      = aws_s3_bucket.files.id
  key         = "functions/${each.key}-${filemd5(each.value)}.zip"
  source      = each.value
  source_hash = filemd5(each.value)

  # The new one is there before functions are told of it, the old one goes after.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "function" {
  for_each = local.functions

  function_name = local.function_names[each.key]
  description = {
    trigger    = "Fanfare: takes HTTP calls and starts runs"
    dispatcher = "Fanfare: hands steps out and finds again what was lost"
    step       = "Fanfare: does the work of steps"
    operator   = "Fanfare: migrates the schema and makes API tokens, for whoever deploys"
  }[each.key]
  role = aws_iam_role.function[each.key].arn

  s3_bucket        = aws_s3_bucket.files.id
  s3_key           = aws_s3_object.package[local.packages[each.key]].key
  source_code_hash = filebase64sha256(local.zips[local.packages[each.key]])
  handler          = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest"
  runtime          = var.runtime
  architectures    = [var.architecture]
  publish          = true

  memory_size                    = var.memory[each.key]
  timeout                        = var.timeouts[each.key]
  reserved_concurrent_executions = each.key == "step" ? var.step_concurrency : -1

  ephemeral_storage {
    size = local.storage[each.key]
  }

  environment {
    variables = merge(
      local.environment,
      local.function_environment[each.key],
      { QUARKUS_LAMBDA_HANDLER = each.key },
      lookup(var.function_environment, each.key, {})
    )
  }

  logging_config {
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "INFO"
    log_group             = aws_cloudwatch_log_group.function[each.key].name
  }

  dynamic "snap_start" {
    for_each = local.snapstart[each.key] ? [true] : []

    content {
      apply_on = "PublishedVersions"
    }
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [true] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  dynamic "file_system_config" {
    for_each = each.key == "step" && var.shared_workspaces != null ? [var.shared_workspaces] : []

    content {
      arn              = file_system_config.value.access_point_arn
      local_mount_path = local.workspaces_mount
    }
  }

  # Permissions are there before the first call.
  depends_on = [aws_iam_role_policy.logs, aws_iam_role_policy.network, aws_iam_role_policy.files]
}

# The schema goes first: 'operator' of the new version is live before the others are, and functions
# of the last version keep working on the new schema. A migration that fails ends the deployment with
# the old functions in place.
resource "aws_lambda_alias" "operator" {
  name             = "live"
  function_name    = aws_lambda_function.function["operator"].function_name
  function_version = lookup(var.versions, "operator", aws_lambda_function.function["operator"].version)
}

resource "aws_lambda_invocation" "migrate" {
  count = var.migrate ? 1 : 0

  function_name = aws_lambda_function.function["operator"].function_name
  qualifier     = aws_lambda_alias.operator.name
  input         = jsonencode({ migrate = {} })

  triggers = {
    version  = aws_lambda_alias.operator.function_version
    database = var.database_url
  }

  depends_on = [aws_iam_role_policy.database]
}

resource "aws_lambda_alias" "live" {
  for_each = setsubtract(local.functions, ["operator"])

  name             = "live"
  function_name    = aws_lambda_function.function[each.key].function_name
  function_version = lookup(var.versions, each.key, aws_lambda_function.function[each.key].version)

  depends_on = [aws_lambda_invocation.migrate]
}

# Lambda stops a chain of invocations after about 16, and drops what comes next without a word. A
# workflow may be deeper; the engine has limits of its own on hops. 'trigger' is in no such chain and
# stays under Lambda's protection.
resource "aws_lambda_function_recursion_config" "worker" {
  for_each = local.workers

  function_name  = aws_lambda_function.function[each.key].function_name
  recursive_loop = "Allow"
}

# The engine owns retries: Lambda's own come a minute late and double the work. What fails or finds
# no room within the lease goes to the dispatcher through a queue, which puts the step back at once.
resource "aws_lambda_function_event_invoke_config" "worker" {
  for_each = local.workers

  function_name                = aws_lambda_function.function[each.key].function_name
  qualifier                    = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = var.lease_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  depends_on = [aws_iam_role_policy.failed]
}

# Steps with 'image': the step function again, in a container image that carries the tools.
resource "aws_cloudwatch_log_group" "image" {
  for_each = { for image, of in local.images : of.slug => of if of.made }

  name              = "/aws/lambda/${var.name}-step-${each.key}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "image" {
  for_each = { for image, of in local.images : of.slug => of if of.made }

  function_name = "${var.name}-step-${each.key}"
  description   = "Fanfare: does the work of steps that ask for this image"
  role          = aws_iam_role.function["step"].arn
  package_type  = "Image"
  image_uri     = each.value.uri
  architectures = [var.architecture]
  publish       = true
  memory_size   = each.value.memory
  timeout       = var.timeouts.step

  ephemeral_storage {
    size = each.value.storage
  }

  environment {
    variables = merge(
      local.environment,
      local.function_environment["step"],
      { QUARKUS_LAMBDA_HANDLER = "step" },
      lookup(var.function_environment, "step", {})
    )
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.image[each.key].name
  }

  dynamic "vpc_config" {
    for_each = local.in_vpc ? [true] : []

    content {
      subnet_ids         = var.subnet_ids
      security_group_ids = var.security_group_ids
    }
  }

  dynamic "file_system_config" {
    for_each = var.shared_workspaces != null ? [var.shared_workspaces] : []

    content {
      arn              = file_system_config.value.access_point_arn
      local_mount_path = local.workspaces_mount
    }
  }

  depends_on = [aws_iam_role_policy.logs, aws_iam_role_policy.network, aws_iam_role_policy.files]
}

resource "aws_lambda_alias" "image" {
  for_each = aws_lambda_function.image

  name             = "live"
  function_name    = each.value.function_name
  function_version = each.value.version
}

resource "aws_lambda_function_recursion_config" "image" {
  for_each = aws_lambda_function.image

  function_name  = each.value.function_name
  recursive_loop = "Allow"
}

resource "aws_lambda_function_event_invoke_config" "image" {
  for_each = aws_lambda_function.image

  function_name                = each.value.function_name
  qualifier                    = aws_lambda_alias.image[each.key].name
  maximum_retry_attempts       = 0
  maximum_event_age_in_seconds = var.lease_seconds

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.arn
    }
  }

  depends_on = [aws_iam_role_policy.failed]
}
