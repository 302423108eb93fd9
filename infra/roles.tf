# One role for each function, each with what that function does and nothing else. README.md lists
# every action with the class that needs it; a test compares that list with the plan and with the code.

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = "${var.name}-${each.key}-${local.region}"
  description        = "What the function ${local.function_names[each.key]} may do"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

# All functions: their logs.

locals {
  log_groups = merge(
    { for name in local.functions : name => ["/aws/lambda/${local.function_names[name]}"] },
    { step = concat(
      ["/aws/lambda/${local.function_names["step"]}"],
      [for image in values(local.images) : "/aws/lambda/${var.name}-step-${image.slug}" if image.made]
    ) }
  )
}

data "aws_iam_policy_document" "logs" {
  for_each = local.functions

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [for group in local.log_groups[each.key] : "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:${group}:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  for_each = local.functions

  name   = "logs"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.logs[each.key].json
}

# All functions, in a VPC: network interfaces, which Lambda makes and removes with the function's role.
# AWS checks these on the resource '*' (an interface has no name before it exists, and Describe knows
# no resources). So that nothing but Lambda itself can use them, the function's own code is denied them:
# lambda:SourceFunctionArn is set for calls out of a function, and not for those of the service.

data "aws_iam_policy_document" "network" {
  for_each = local.in_vpc ? local.functions : toset([])

  statement {
    actions = [
      "ec2:AssignPrivateIpAddresses",
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:UnassignPrivateIpAddresses",
    ]
    resources = ["*"]
  }

  statement {
    effect    = "Deny"
    actions   = ["ec2:*"]
    resources = ["*"]

    condition {
      test     = "ArnLike"
      variable = "lambda:SourceFunctionArn"
      values   = ["${local.function_arns[each.key]}*"]
    }
  }
}

resource "aws_iam_role_policy" "network" {
  for_each = local.in_vpc ? local.functions : toset([])

  name   = "network"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.network[each.key].json
}

# All functions: the password of the database.

data "aws_iam_policy_document" "database" {
  count = var.database_secret_arn == null ? 0 : 1

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.database_secret_arn]
  }

  dynamic "statement" {
    for_each = var.database_secret_kms_key_arn == null ? [] : [var.database_secret_kms_key_arn]

    content {
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role_policy" "database" {
  for_each = var.database_secret_arn == null ? toset([]) : local.functions

  name   = "database"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.database[0].json
}

# trigger, dispatcher, step: the secrets of workflows. Steps are given them, signatures of webhooks are
# checked with them, and whatever comes from outside is searched for them to cover them.

locals {
  readers_of_secrets = var.secrets_manager_prefix == null && var.parameter_store_prefix == null ? toset([]) : toset(["trigger", "dispatcher", "step"])
}

data "aws_iam_policy_document" "secrets" {
  count = length(local.readers_of_secrets) > 0 ? 1 : 0

  dynamic "statement" {
    for_each = var.secrets_manager_prefix == null ? [] : [var.secrets_manager_prefix]

    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = ["arn:${local.partition}:secretsmanager:${local.region}:${local.account}:secret:${statement.value}*"]
    }
  }

  dynamic "statement" {
    for_each = var.parameter_store_prefix == null ? [] : [var.parameter_store_prefix]

    content {
      actions   = ["ssm:GetParameter"]
      resources = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter/${trimprefix(statement.value, "/")}*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.secrets_kms_key_arns) == 0 ? [] : [var.secrets_kms_key_arns]

    content {
      actions   = ["kms:Decrypt"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.amazonaws.com", "ssm.${local.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role_policy" "secrets" {
  for_each = local.readers_of_secrets

  name   = "secrets"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.secrets[0].json
}

# dispatcher, step: Lambda puts invocations that failed into the queue with the role of the function.

data "aws_iam_policy_document" "failed" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arns.failed]
  }
}

resource "aws_iam_role_policy" "failed" {
  for_each = local.workers

  name   = "failed"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.failed.json
}

# trigger, dispatcher, step: the engine goes on by invoking dispatcher and step, and leaves itself
# messages for later.

data "aws_iam_policy_document" "engine" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = concat([local.live_arns["dispatcher"], local.live_arns["step"]], local.image_arns)
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arns.wake]
  }
}

resource "aws_iam_role_policy" "engine" {
  for_each = setsubtract(local.functions, ["operator"])

  name   = "engine"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.engine.json
}

# dispatcher: Lambda reads both queues with the role of the function.

data "aws_iam_policy_document" "dispatcher" {
  statement {
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    resources = [local.queue_arns.wake, local.queue_arns.failed]
  }
}

resource "aws_iam_role_policy" "dispatcher" {
  name   = "queues"
  role   = aws_iam_role.function["dispatcher"].id
  policy = data.aws_iam_policy_document.dispatcher.json
}

# step: the functions that steps with 'lambda' call.

data "aws_iam_policy_document" "calls" {
  count = length(local.called_arns) == 0 ? 0 : 1

  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = local.called_arns
  }
}

resource "aws_iam_role_policy" "calls" {
  count = length(local.called_arns) == 0 ? 0 : 1

  name   = "calls"
  role   = aws_iam_role.function["step"].id
  policy = data.aws_iam_policy_document.calls[0].json
}

# Files: step writes and reads all three kinds, trigger shows logs and outputs, dispatcher reads the
# outputs that decide what comes next.

locals {
  files = {
    trigger    = { read = ["logs", "outputs"], write = ["outputs"] }
    dispatcher = { read = ["outputs"], write = ["outputs"] }
    step       = { read = ["layers", "logs", "outputs"], write = ["layers", "logs", "outputs"] }
  }
}

data "aws_iam_policy_document" "files" {
  for_each = local.files

  statement {
    actions   = ["s3:GetObject"]
    resources = [for prefix in each.value.read : "${local.bucket_arn}/${prefix}/*"]
  }

  statement {
    actions   = ["s3:PutObject"]
    resources = [for prefix in each.value.write : "${local.bucket_arn}/${prefix}/*"]
  }

  # Steps list layers. Everybody needs it to be told that an object is not there: without it S3 says
  # that access is denied, and what has expired could not be told from what is forbidden. Such a
  # request names no prefix, hence IfExists.
  statement {
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLikeIfExists"
      variable = "s3:prefix"
      values   = [for prefix in each.value.read : "${prefix}/*"]
    }
  }

  dynamic "statement" {
    for_each = each.key == "step" && var.shared_workspaces != null ? [var.shared_workspaces] : []

    content {
      actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      resources = [statement.value.file_system_arn]

      condition {
        test     = "StringEquals"
        variable = "elasticfilesystem:AccessPointArn"
        values   = [statement.value.access_point_arn]
      }
    }
  }
}

resource "aws_iam_role_policy" "files" {
  for_each = local.files

  name   = "files"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.files[each.key].json
}
