# What the other files share: names, ARNs and what differs between the functions.
#
# ARNs are put together from names instead of being read from resources: functions, roles and queues
# name each other in a circle, and a plan shows every policy in full before anything exists.

locals {
  account   = var.account_id != null ? var.account_id : data.aws_caller_identity.current[0].account_id
  region    = data.aws_region.current.name
  partition = data.aws_partition.current.partition

  functions = toset(["trigger", "dispatcher", "step", "operator"])

  # The engine: those that invoke each other and whose failed invocations come back through a queue.
  workers = toset(["dispatcher", "step"])

  function_names = { for name in local.functions : name => "${var.name}-${name}" }
  function_arns  = { for name in local.functions : name => "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${var.name}-${name}" }
  live_arns      = { for name in local.functions : name => "${local.function_arns[name]}:live" }

  queue_names = {
    wake        = "${var.name}-wake"
    failed      = "${var.name}-failed"
    wake_dead   = "${var.name}-wake-dead"
    failed_dead = "${var.name}-failed-dead"
  }
  queue_arns = { for key, name in local.queue_names : key => "arn:${local.partition}:sqs:${local.region}:${local.account}:${name}" }

  # As the functions reach it.
  inner_endpoint = var.function_endpoint != null ? var.function_endpoint : var.endpoint
  queue_url      = "${local.inner_endpoint != null ? local.inner_endpoint : "https://sqs.${local.region}.${data.aws_partition.current.dns_suffix}"}/${local.account}/${local.queue_names.wake}"

  bucket     = "${var.name}-${local.account}-${local.region}"
  bucket_arn = "arn:${local.partition}:s3:::${local.bucket}"

  in_vpc = length(var.subnet_ids) > 0

  images = {
    for image, of in var.images : image => {
      # maven:3-eclipse -> maven-3-eclipse
      slug = trim(replace(lower(image), "/[^a-z0-9]+/", "-"), "-")
      made = of.image_uri != null
      uri  = of.image_uri
      # What is invoked.
      name    = of.image_uri != null ? "${var.name}-step-${trim(replace(lower(image), "/[^a-z0-9]+/", "-"), "-")}:live" : of.function
      memory  = of.memory
      storage = of.storage
    }
  }

  # Names and ARNs become ARNs.
  lambda_prefix = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:"
  image_arns    = [for image in values(local.images) : startswith(image.name, "arn:") ? image.name : "${local.lambda_prefix}${image.name}"]
  called_arns   = [for function in var.lambda_functions : startswith(function, "arn:") ? function : "${local.lambda_prefix}${function}"]

  secrets_prefix = var.secrets_manager_prefix != null ? var.secrets_manager_prefix : var.parameter_store_prefix

  # Settings of docs/operations.md. The threads of Quarkus want a word with newer virtual machines. Whatever has no value is left out.
  environment = {
    for key, value in merge(
      {
        JAVA_TOOL_OPTIONS               = trimspace("${var.runtime == "java21" ? "" : "--add-opens=java.base/java.lang=ALL-UNNAMED"} ${var.java_options}")
        QUARKUS_DATASOURCE_REACTIVE_URL = var.database_url
        QUARKUS_DATASOURCE_USERNAME     = var.database_username
        QUARKUS_DATASOURCE_PASSWORD     = var.database_password
        FANFARE_DATABASE_SECRET         = var.database_secret_arn
        # The pool takes it from here, the migration from the address.
        QUARKUS_DATASOURCE_REACTIVE_POSTGRESQL_SSL_MODE = try(regex("[?&]sslmode=([a-z-]+)", var.database_url)[0], null)
        FANFARE_AWS_ENDPOINT                            = local.inner_endpoint
        FANFARE_HOME                                    = "/tmp/fanfare"
        QUARKUS_LOG_LEVEL                               = var.log_level
      },
      var.environment
    ) : key => value if value != null && value != ""
  }

  # The operator touches the database and nothing else.
  engine_environment = {
    for key, value in {
      FANFARE_FUNCTIONS_STEP       = local.live_arns["step"]
      FANFARE_FUNCTIONS_DISPATCHER = local.live_arns["dispatcher"]
      FANFARE_QUEUE                = local.queue_url
      FANFARE_BUCKET               = local.bucket
      FANFARE_LEASE                = "${var.lease_seconds}s"
      FANFARE_HOPS                 = var.hops == null ? null : tostring(var.hops)
      FANFARE_IMAGES               = join(";", [for image, of in local.images : "${image}=${of.name}"])
      FANFARE_SECRETS_AWS          = join(",", compact([var.secrets_manager_prefix == null ? "" : "secretsmanager", var.parameter_store_prefix == null ? "" : "ssm"]))
      FANFARE_SECRETS_AWS_PREFIX   = local.secrets_prefix
    } : key => value if value != null && value != ""
  }

  # Jobs of CI systems start runs and look at them; to register workflows and make tokens takes more.
  iam_callers = var.auth != "iam" ? {} : merge(
    { for name in keys(var.ci_roles) : "arn:${local.partition}:sts::${local.account}:assumed-role/${var.name}-ci-${name}-${local.region}/*" => "run" },
    var.iam_callers
  )

  function_environment = {
    trigger    = merge(local.engine_environment, { FANFARE_AUTH = var.auth }, length(local.iam_callers) == 0 ? {} : { FANFARE_AUTH_IAM = join(";", [for arn, scope in local.iam_callers : "${arn}=${scope}"]) })
    dispatcher = local.engine_environment
    step       = merge(local.engine_environment, var.shared_workspaces == null ? {} : { FANFARE_WORKSPACES = local.workspaces_mount })
    operator   = {}
  }

  workspaces_mount = "/mnt/workspaces"

  packages = {
    trigger    = "function"
    dispatcher = var.worker_package == null || var.worker_package == "" ? "function" : "worker"
    step       = var.worker_package == null || var.worker_package == "" ? "function" : "worker"
    operator   = "function"
  }
  zips = merge({ function = var.package }, var.worker_package == null || var.worker_package == "" ? {} : { worker = var.worker_package })

  storage = { trigger = 512, dispatcher = 512, step = var.step_storage, operator = 512 }

  # SnapStart knows neither EFS nor storage above 512 MB; the operator runs once in a deployment.
  snapstart = {
    trigger    = var.snapstart
    dispatcher = var.snapstart
    step       = var.snapstart && var.step_storage == 512 && var.shared_workspaces == null
    operator   = false
  }
}
