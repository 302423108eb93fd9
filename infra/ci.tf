# Roles for jobs of CI systems: OIDC instead of keys. Such a role may call the URL and nothing else.

resource "aws_iam_openid_connect_provider" "ci" {
  for_each = { for name, role in var.ci_roles : name => role if role.provider_arn == null }

  url            = "https://${each.value.issuer}"
  client_id_list = [each.value.audience]
}

data "aws_iam_policy_document" "ci_trust" {
  for_each = var.ci_roles

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [each.value.provider_arn != null ? each.value.provider_arn : "arn:${local.partition}:iam::${local.account}:oidc-provider/${each.value.issuer}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${each.value.issuer}:aud"
      values   = [each.value.audience]
    }

    condition {
      test     = "StringLike"
      variable = "${each.value.issuer}:sub"
      values   = each.value.subjects
    }
  }
}

resource "aws_iam_role" "ci" {
  for_each = var.ci_roles

  name               = "${var.name}-ci-${each.key}-${local.region}"
  description        = "Jobs of ${each.value.issuer} that call the URL of ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.ci_trust[each.key].json

  depends_on = [aws_iam_openid_connect_provider.ci]
}

data "aws_iam_policy_document" "ci" {
  statement {
    actions   = ["lambda:InvokeFunctionUrl"]
    resources = [local.live_arns["trigger"]]

    condition {
      test     = "StringEquals"
      variable = "lambda:FunctionUrlAuthType"
      values   = ["AWS_IAM"]
    }
  }

  # AWS asks for both since October 2025; this one through the URL only.
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [local.live_arns["trigger"]]

    condition {
      test     = "Bool"
      variable = "lambda:InvokedViaFunctionUrl"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role_policy" "ci" {
  for_each = var.ci_roles

  name   = "url"
  role   = aws_iam_role.ci[each.key].id
  policy = data.aws_iam_policy_document.ci.json
}
