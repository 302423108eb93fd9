# The HTTP API: an address of AWS in front of 'trigger', payload format 2.0.

resource "aws_lambda_function_url" "trigger" {
  count = var.url ? 1 : 0

  function_name      = aws_lambda_function.function["trigger"].function_name
  qualifier          = aws_lambda_alias.live["trigger"].name
  authorization_type = var.auth == "iam" ? "AWS_IAM" : "NONE"
  invoke_mode        = "BUFFERED"
}

# With auth = "iam" callers of this account need lambda:InvokeFunctionUrl and lambda:InvokeFunction in
# their own policies, and nothing is written here. Otherwise AWS lets everybody through to the
# function, which asks for a token; for that it wants two permissions.
resource "aws_lambda_permission" "url" {
  count = var.url && var.auth != "iam" ? 1 : 0

  statement_id           = "url"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.function["trigger"].function_name
  qualifier              = aws_lambda_alias.live["trigger"].name
  principal              = "*"
  function_url_auth_type = "NONE"
}

# The second one must hold for calls through the URL only: without that condition everybody could
# invoke the function itself, past its token. Provider 5.100 cannot write the condition;
# CloudFormation can.
resource "aws_cloudformation_stack" "url" {
  count = var.url && var.auth != "iam" && var.endpoint == null ? 1 : 0

  name = "${var.name}-url"
  template_body = jsonencode({
    Description = "Fanfare: lets calls of the function URL invoke the function"
    Resources = {
      Permission = {
        Type = "AWS::Lambda::Permission"
        Properties = {
          FunctionName          = local.live_arns["trigger"]
          Action                = "lambda:InvokeFunction"
          Principal             = "*"
          InvokedViaFunctionUrl = true
        }
      }
    }
  })

  depends_on = [aws_lambda_function_url.trigger]
}
