# README.md has a table of these; a test compares the two.

# What it is called and where it lives

variable "name" {
  description = "Begins the name of everything that is made; several installations in one account differ in it."
  type        = string
  default     = "fanfare"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,26}[a-z0-9]$", var.name))
    error_message = "name: 3 to 28 lower-case letters, digits and hyphens, beginning with a letter; a bucket is named after it."
  }
}

variable "region" {
  description = "AWS region; that of the credentials (AWS_REGION, profile) unless set."
  type        = string
  default     = null
}

variable "account_id" {
  description = "AWS account; asked for with the credentials unless set. Set it to plan without a call to AWS."
  type        = string
  default     = null

  validation {
    condition     = var.account_id == null || can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id: twelve digits."
  }
}

variable "tags" {
  description = "Tags of everything that is made."
  type        = map(string)
  default     = {}
}

variable "endpoint" {
  description = "Address of an AWS emulator, e.g. http://127.0.0.1:4566; AWS itself unless set."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint == null || can(regex("^https?://[^/]+$", var.endpoint))
    error_message = "endpoint: an address such as http://127.0.0.1:4566, without a path."
  }
}

variable "function_endpoint" {
  description = "Address of the emulator as the functions see it, where that is another one: in a container 127.0.0.1 is the container."
  type        = string
  default     = null
}

# The program

variable "package" {
  description = "The zip of all functions, as scripts/package builds it."
  type        = string
  default     = "../target/lambda/function.zip"
}

variable "worker_package" {
  description = "The smaller zip for dispatcher and step, which starts faster; null takes package for them too."
  type        = string
  default     = "../target/lambda/worker.zip"
}

variable "runtime" {
  description = "Lambda runtime. The code runs on Java 21 and newer; provider 5.100 knows java21."
  type        = string
  default     = "java21"

  validation {
    condition     = can(regex("^java(2[1-9]|[3-9][0-9])$", var.runtime))
    error_message = "runtime: java21 or a newer Java runtime of Lambda."
  }
}

variable "architecture" {
  description = "arm64, which costs a fifth less, or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture: arm64 or x86_64."
  }
}

variable "snapstart" {
  description = "Begin from a snapshot of the started program. Functions with a file system or with more than 512 MB of storage begin without, which is a rule of Lambda."
  type        = bool
  default     = true
}

variable "java_options" {
  description = "More options of the Java virtual machine (JAVA_TOOL_OPTIONS). By itself Lambda compiles with C1 alone (-XX:TieredStopAtLevel=1) where there is no SnapStart, and in all tiers where there is."
  type        = string
  default     = ""
}

variable "memory" {
  description = "Memory of each function in MB; Lambda gives processor time in proportion."
  type = object({
    trigger    = optional(number, 1024)
    dispatcher = optional(number, 512)
    step       = optional(number, 1024)
    operator   = optional(number, 1024)
  })
  default = {}

  validation {
    condition     = alltrue([for mb in values(var.memory) : mb >= 256 && mb <= 10240])
    error_message = "memory: 256 to 10240 MB for each function."
  }
}

variable "timeouts" {
  description = "Longest invocation of each function in seconds. That of step is the longest a step may take."
  type = object({
    trigger    = optional(number, 60)
    dispatcher = optional(number, 120)
    step       = optional(number, 900)
    operator   = optional(number, 900)
  })
  default = {}

  validation {
    condition     = alltrue([for seconds in values(var.timeouts) : seconds >= 30 && seconds <= 900])
    error_message = "timeouts: 30 to 900 seconds for each function."
  }
}

variable "step_storage" {
  description = "MB under /tmp for the workspaces of steps; more than 512 costs SnapStart on step."
  type        = number
  default     = 512

  validation {
    condition     = var.step_storage >= 512 && var.step_storage <= 10240
    error_message = "step_storage: 512 to 10240 MB."
  }
}

variable "step_concurrency" {
  description = "Most invocations of step at one time, taken out of the account's limit; as many as the account has (-1) unless set. Each holds one or two connections to the database."
  type        = number
  default     = -1
}

variable "dispatcher_queue_concurrency" {
  description = "Most invocations of dispatcher at one time that read the wake queue, and as many again for the failed queue."
  type        = number
  default     = 4

  validation {
    condition     = var.dispatcher_queue_concurrency >= 2 && var.dispatcher_queue_concurrency <= 1000
    error_message = "dispatcher_queue_concurrency: 2 to 1000; less is not allowed by SQS."
  }
}

# The engine

variable "lease_seconds" {
  description = "How long a claimed step belongs to whom it was handed, without a sign of life. Also the age at which an invocation that found no room goes to the failed queue."
  type        = number
  default     = 60

  validation {
    condition     = var.lease_seconds >= 60 && var.lease_seconds <= 900
    error_message = "lease_seconds: 60 to 900; Lambda drops nothing that is younger than a minute."
  }
}

variable "hops" {
  description = "Most invocations in one chain, each started by the one before; the program's own limit unless set. Lambda's loop detection is off for dispatcher and step."
  type        = number
  default     = null
}

variable "environment" {
  description = "More environment variables for all functions: settings of docs/operations.md."
  type        = map(string)
  default     = {}
}

variable "function_environment" {
  description = "More environment variables for one function, by trigger, dispatcher, step or operator."
  type        = map(map(string))
  default     = {}

  validation {
    condition     = alltrue([for key in keys(var.function_environment) : contains(["trigger", "dispatcher", "step", "operator"], key)])
    error_message = "function_environment: the keys are trigger, dispatcher, step and operator."
  }
}

# The database

variable "database_url" {
  description = "PostgreSQL 14 or newer, without user and password: postgresql://host:5432/database?sslmode=require."
  type        = string

  validation {
    condition     = can(regex("^postgresql://[^/@]+/[^/@]+$", var.database_url))
    error_message = "database_url: postgresql://host:5432/database, without user and password; these are database_secret_arn, or database_username and database_password."
  }
}

variable "database_secret_arn" {
  description = "Secret of Secrets Manager with username and password, as RDS makes and rotates it."
  type        = string
  default     = null

  validation {
    condition     = (var.database_secret_arn == null) != (var.database_username == null)
    error_message = "database_secret_arn: set it, or database_username and database_password, and not both."
  }

  validation {
    condition     = var.database_secret_arn == null || can(regex("^arn:[a-z-]+:secretsmanager:[^:]+:[0-9]{12}:secret:", var.database_secret_arn))
    error_message = "database_secret_arn: the ARN of a secret, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX."
  }
}

variable "database_secret_kms_key_arn" {
  description = "KMS key of that secret, where it is not the account's own key aws/secretsmanager."
  type        = string
  default     = null
}

variable "database_username" {
  description = "User of the database, where there is no secret."
  type        = string
  default     = null
}

variable "database_password" {
  description = "Password of that user. It is then in the state of Terraform and in the settings of the functions: a secret is better."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = (var.database_password == null) == (var.database_username == null)
    error_message = "database_password: goes with database_username."
  }
}

# The network

variable "subnet_ids" {
  description = "Subnets of a VPC for the functions, where the database is in one. From there they need a way to Lambda, SQS, S3 and Secrets Manager: a NAT gateway or endpoints."
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "Security groups of the functions in that VPC; the database has to let them in."
  type        = list(string)
  default     = []

  validation {
    condition     = (length(var.security_group_ids) == 0) == (length(var.subnet_ids) == 0)
    error_message = "security_group_ids: goes with subnet_ids."
  }
}

# HTTP

variable "auth" {
  description = "Who may call the URL: token (API tokens of Fanfare), iam (AWS signatures; the URL lets nobody else through) or none (everybody, for a network of your own)."
  type        = string
  default     = "token"

  validation {
    condition     = contains(["token", "iam", "none"], var.auth)
    error_message = "auth: token, iam or none."
  }
}

variable "iam_callers" {
  description = "With auth = iam: what callers may do, by the ARN of their role or user: read, run or admin. An asterisk stands for anything. ci_roles may run. Whoever else AWS lets through may do all, unless this or ci_roles is set."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for scope in values(var.iam_callers) : contains(["read", "run", "admin"], scope)])
    error_message = "iam_callers: the values are read, run and admin."
  }

  validation {
    condition     = length(var.iam_callers) == 0 || var.auth == "iam"
    error_message = "iam_callers: goes with auth = \"iam\"."
  }
}

variable "url" {
  description = "Whether trigger has a URL; without, runs are started by invoking the function."
  type        = bool
  default     = true
}

# Files

variable "bucket_force_destroy" {
  description = "Whether the bucket is removed with everything in it when the rest is. Without, AWS refuses as long as it holds logs, outputs or layers."
  type        = bool
  default     = false
}

variable "keep_days" {
  description = "Days until objects of the bucket are removed: layers of workspaces, logs of steps, large outputs. 0 keeps them."
  type = object({
    layers  = optional(number, 30)
    logs    = optional(number, 90)
    outputs = optional(number, 90)
  })
  default = {}

  validation {
    condition     = alltrue([for days in values(var.keep_days) : days >= 0 && floor(days) == days])
    error_message = "keep_days: whole days, or 0."
  }
}

variable "shared_workspaces" {
  description = "EFS access point for workspaces that are shared; needs subnet_ids. Costs SnapStart on step."
  type = object({
    access_point_arn = string
    file_system_arn  = string
  })
  default = null

  validation {
    condition     = var.shared_workspaces == null || length(var.subnet_ids) > 0
    error_message = "shared_workspaces: EFS is reached through a VPC; set subnet_ids."
  }
}

# Secrets

variable "secrets_manager_prefix" {
  description = "Where Secrets Manager holds the secrets of workflows, e.g. fanfare/: functions may read what begins so, and nothing else. No access unless set."
  type        = string
  default     = null

  validation {
    condition     = var.secrets_manager_prefix == null || can(regex("^[A-Za-z0-9/_+=.@-]{2,}$", var.secrets_manager_prefix))
    error_message = "secrets_manager_prefix: two or more of the characters of a secret's name, and no asterisk."
  }
}

variable "parameter_store_prefix" {
  description = "The same for the Parameter Store, e.g. /fanfare/."
  type        = string
  default     = null

  validation {
    condition     = var.parameter_store_prefix == null || can(regex("^/?[A-Za-z0-9_.-][A-Za-z0-9/_.-]*$", var.parameter_store_prefix))
    error_message = "parameter_store_prefix: characters of a parameter's name, and no asterisk."
  }

  validation {
    condition     = var.parameter_store_prefix == null || var.secrets_manager_prefix == null || var.parameter_store_prefix == var.secrets_manager_prefix
    error_message = "parameter_store_prefix: Fanfare has one prefix for both places; set the same twice, or one of them."
  }
}

variable "secrets_kms_key_arns" {
  description = "KMS keys of these secrets and parameters, where they are not the account's own."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.secrets_kms_key_arns : can(regex("^arn:[a-z-]+:kms:[^:]+:[0-9]{12}:key/", arn))])
    error_message = "secrets_kms_key_arns: ARNs of keys, not aliases and not '*'."
  }
}

# What workflows may call

variable "lambda_functions" {
  description = "Functions that steps with 'lambda' may invoke: names in this account and region, or ARNs. An asterisk may end a name: shop-*."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for function in var.lambda_functions : can(regex("^(arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[A-Za-z0-9_-]+(\\*|:[A-Za-z0-9_-]+)?$", function))])
    error_message = "lambda_functions: a name or an ARN each, with an asterisk at its end at most; '*' alone would be every function of the account."
  }
}

variable "images" {
  description = "Functions for steps with 'image', by image: the container image of a step function with those tools in ECR (image_uri), or a function that you have made (function)."
  type = map(object({
    image_uri = optional(string)
    function  = optional(string)
    memory    = optional(number, 2048)
    storage   = optional(number, 2048)
  }))
  default = {}

  validation {
    condition     = alltrue([for image in values(var.images) : (image.image_uri == null) != (image.function == null)])
    error_message = "images: each has image_uri or function, and not both."
  }
}

# Watching

variable "log_level" {
  description = "What the functions log: DEBUG, INFO, WARN or ERROR."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN", "ERROR"], var.log_level)
    error_message = "log_level: DEBUG, INFO, WARN or ERROR."
  }
}

variable "log_retention_days" {
  description = "Days that the logs of the functions are kept in CloudWatch. Logs of steps are not among them."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 0], var.log_retention_days)
    error_message = "log_retention_days: one of CloudWatch's numbers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, ...; 0 keeps them for ever."
  }
}

variable "alarms" {
  description = "Whether there are alarms; ten cents a month each."
  type        = bool
  default     = true
}

variable "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to; without one they are seen in CloudWatch only."
  type        = string
  default     = null
}

# Continuous integration

variable "ci_roles" {
  description = "Roles that jobs of CI systems take on through OIDC to call the URL, by a name for each: issuer, audience and the subjects (repository, branch) that may. provider_arn where the account has the issuer already."
  type = map(object({
    issuer       = string
    audience     = optional(string, "sts.amazonaws.com")
    subjects     = list(string)
    provider_arn = optional(string)
  }))
  default = {}

  validation {
    condition     = alltrue([for role in values(var.ci_roles) : length(role.subjects) > 0 && alltrue([for subject in role.subjects : can(regex("^[A-Za-z_]+[:/][^*]", subject))])])
    error_message = "ci_roles: one subject or more, each beginning with what it is of, such as repo:acme/shop:ref:refs/heads/main; an asterisk there would let in strangers."
  }

  validation {
    condition     = alltrue([for role in values(var.ci_roles) : !startswith(role.issuer, "http")])
    error_message = "ci_roles: issuer without https://, such as token.actions.githubusercontent.com."
  }
}

# Deploying

variable "migrate" {
  description = "Whether the schema is brought up to date before the new functions go live."
  type        = bool
  default     = true
}

variable "versions" {
  description = "Versions that the alias 'live' is to name, by function; the newest unless set. scripts/deploy --rollback sets them."
  type        = map(string)
  default     = {}
}

variable "former" {
  description = "Versions that were live before; kept in the state for scripts/deploy --rollback."
  type        = map(string)
  default     = {}
}
