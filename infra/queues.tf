# wake: delayed messages of the engine, "look for due timers then". failed: what Lambda could not
# deliver. The dispatcher reads both, and each has a queue for what it could not make sense of.

resource "aws_sqs_queue" "wake_dead" {
  name                      = local.queue_names.wake_dead
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "failed_dead" {
  name                      = local.queue_names.failed_dead
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "wake" {
  name = local.queue_names.wake

  # A timer that is later than this is found by the tick anyway.
  message_retention_seconds = 24 * 3600

  # AWS's advice: six times the timeout of the reader.
  visibility_timeout_seconds = 6 * var.timeouts.dispatcher
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.wake_dead.arn
    maxReceiveCount     = 5
  })
}

resource "aws_sqs_queue" "failed" {
  name                       = local.queue_names.failed
  message_retention_seconds  = 4 * 24 * 3600
  visibility_timeout_seconds = 6 * var.timeouts.dispatcher
  sqs_managed_sse_enabled    = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed_dead.arn
    maxReceiveCount     = 5
  })
}

# Only the queue it belongs to may put something into a dead-letter queue by redriving.
resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  for_each = {
    wake   = { dead = aws_sqs_queue.wake_dead.id, source = local.queue_arns.wake }
    failed = { dead = aws_sqs_queue.failed_dead.id, source = local.queue_arns.failed }
  }

  queue_url = each.value.dead
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [each.value.source]
  })
}

# Without TLS nobody gets in, not even those with the permission.
data "aws_iam_policy_document" "queue" {
  for_each = local.queue_arns

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "queue" {
  for_each = var.endpoint == null ? {
    wake        = aws_sqs_queue.wake.id
    failed      = aws_sqs_queue.failed.id
    wake_dead   = aws_sqs_queue.wake_dead.id
    failed_dead = aws_sqs_queue.failed_dead.id
  } : {}

  queue_url = each.value
  policy    = data.aws_iam_policy_document.queue[each.key].json
}

resource "aws_lambda_event_source_mapping" "dispatcher" {
  for_each = {
    wake   = aws_sqs_queue.wake.arn
    failed = aws_sqs_queue.failed.arn
  }

  event_source_arn        = each.value
  function_name           = aws_lambda_alias.live["dispatcher"].arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.dispatcher_queue_concurrency
  }

  depends_on = [aws_iam_role_policy.dispatcher]
}
