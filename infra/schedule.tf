# The tick: once a minute the dispatcher sweeps, and fires schedules and due timers. Schedules of
# workflows are rows of the database, not resources of AWS.

resource "aws_cloudwatch_event_rule" "tick" {
  name                = "${var.name}-tick"
  description         = "Fanfare: wakes the dispatcher once a minute"
  schedule_expression = "rate(1 minute)"
}

resource "aws_cloudwatch_event_target" "tick" {
  rule = aws_cloudwatch_event_rule.tick.name
  arn  = aws_lambda_alias.live["dispatcher"].arn

  # The next one comes in a minute.
  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }
}

resource "aws_lambda_permission" "tick" {
  statement_id  = "tick"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.function["dispatcher"].function_name
  qualifier     = aws_lambda_alias.live["dispatcher"].name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.tick.arn
}
