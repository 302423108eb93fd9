# Calls a function once and shows its answer: scripts/deploy does so for the smoke test and for API
# tokens. Terraform knows the credentials, the region and the emulator already, so nothing else has to
# be installed. Its state is thrown away.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "region" {
  description = "AWS region of the function; that of the credentials unless set."
  type        = string
  default     = null
}

variable "endpoint" {
  description = "Address of an AWS emulator; AWS itself unless set."
  type        = string
  default     = null
}

variable "function" {
  description = "Name of the function with its alias."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+:[A-Za-z0-9_-]+$", var.function))
    error_message = "function: a name with its alias, such as fanfare-operator:live."
  }
}

variable "input" {
  description = "What it is called with, as JSON."
  type        = string
  sensitive   = true
}

locals {
  emulated = var.endpoint != null
}

provider "aws" {
  region = var.region

  access_key                  = local.emulated ? "test" : null
  secret_key                  = local.emulated ? "test" : null
  skip_credentials_validation = local.emulated
  skip_metadata_api_check     = local.emulated ? "true" : null
  skip_requesting_account_id  = local.emulated

  dynamic "endpoints" {
    for_each = local.emulated ? [var.endpoint] : []

    content {
      lambda = endpoints.value
    }
  }
}

data "aws_lambda_invocation" "call" {
  function_name = split(":", var.function)[0]
  qualifier     = split(":", var.function)[1]
  input         = var.input
}

output "result" {
  description = "What it answered."
  value       = data.aws_lambda_invocation.call.result
  sensitive   = true
}
