# What somebody should look at. Nothing here is needed for runs to go on: the tick repairs what was
# lost, alarms say that it has much to do.

locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  # metric, where it is from, and how much of it in how long is too much
  alarms = merge(
    # Nothing is to be done over again there; somebody has to read it.
    { for key in ["wake_dead", "failed_dead"] : "dead-letters-${replace(key, "_dead", "")}" => {
      description = "Messages that the dispatcher could not make sense of lie in ${local.queue_names[key]}."
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = local.queue_names[key] }
      statistic   = "Maximum"
      threshold   = 0
      periods     = 1
      missing     = "notBreaching"
    } },
    { for key in ["wake", "failed"] : "unread-${key}" => {
      description = "The dispatcher does not read ${local.queue_names[key]}: its oldest message waits for more than five minutes."
      namespace   = "AWS/SQS"
      metric      = "ApproximateAgeOfOldestMessage"
      dimensions  = { QueueName = local.queue_names[key] }
      statistic   = "Maximum"
      threshold   = 300
      periods     = 2
      missing     = "notBreaching"
    } },
    {
      "failed-invocations" = {
        description = "More than 25 invocations in five minutes could not be delivered or failed. Their steps are handed out again."
        namespace   = "AWS/SQS"
        metric      = "NumberOfMessagesSent"
        dimensions  = { QueueName = local.queue_names.failed }
        statistic   = "Sum"
        threshold   = 25
        periods     = 1
        missing     = "notBreaching"
      }
      "no-tick" = {
        description = "The dispatcher was not invoked for ten minutes: no schedules, and nothing that was lost is found."
        namespace   = "AWS/Lambda"
        metric      = "Invocations"
        dimensions  = { FunctionName = local.function_names["dispatcher"] }
        statistic   = "Sum"
        threshold   = -1 # below is missing, which breaches
        periods     = 2
        missing     = "breaching"
      }
      "stuck-runs" = {
        description = "Runs have made no progress although something of theirs is overdue."
        namespace   = "Fanfare/${var.name}"
        metric      = "TicksWithStuckRuns"
        dimensions  = {}
        statistic   = "Sum"
        threshold   = 3
        periods     = 1
        missing     = "notBreaching"
      }
    },
    { for name in local.functions : "errors-${name}" => {
      description = "${local.function_names[name]} failed. A step whose work fails is not among these: that is an answer."
      namespace   = "AWS/Lambda"
      metric      = "Errors"
      dimensions  = { FunctionName = local.function_names[name] }
      statistic   = "Sum"
      threshold   = name == "operator" ? 0 : 5
      periods     = 1
      missing     = "notBreaching"
    } },
    { for name in ["trigger", "dispatcher", "step"] : "throttles-${name}" => {
      description = "${local.function_names[name]} found no room: the account's or the function's limit of concurrent invocations is reached."
      namespace   = "AWS/Lambda"
      metric      = "Throttles"
      dimensions  = { FunctionName = local.function_names[name] }
      statistic   = "Sum"
      threshold   = 100
      periods     = 1
      missing     = "notBreaching"
    } },
    { for name in ["trigger", "dispatcher", "step"] : "recursion-${name}" => {
      description = "Lambda's loop detection dropped invocations of ${local.function_names[name]}. For dispatcher and step it should be off."
      namespace   = "AWS/Lambda"
      metric      = "RecursiveInvocationsDropped"
      dimensions  = { FunctionName = local.function_names[name] }
      statistic   = "Sum"
      threshold   = 0
      periods     = 1
      missing     = "notBreaching"
    } },
    { for name in local.workers : "undelivered-${name}" => {
      description = "Lambda could not put failed invocations of ${local.function_names[name]} into the queue; the tick will find their steps."
      namespace   = "AWS/Lambda"
      metric      = "DestinationDeliveryFailures"
      dimensions  = { FunctionName = local.function_names[name] }
      statistic   = "Sum"
      threshold   = 0
      periods     = 1
      missing     = "notBreaching"
    } }
  )
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each = var.alarms ? local.alarms : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.threshold < 0 ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = each.value.threshold < 0 ? 1 : each.value.threshold
  period              = 300
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
}

# What the dispatcher says in every tick as long as it is so.
resource "aws_cloudwatch_log_metric_filter" "stuck" {
  count = var.alarms ? 1 : 0

  name           = "${var.name}-stuck-runs"
  log_group_name = aws_cloudwatch_log_group.function["dispatcher"].name
  pattern        = "\"runs are stuck\""

  metric_transformation {
    namespace = "Fanfare/${var.name}"
    name      = "TicksWithStuckRuns"
    value     = "1"
  }
}
