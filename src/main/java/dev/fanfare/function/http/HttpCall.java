package dev.fanfare.function.http;

import java.time.Duration;
import java.util.Optional;

/**
 * What an event says of a request that no header may say.
 *
 * @param url where the API is for its caller, without a slash at the end
 * @param iam the ARN of the caller whose signature AWS has verified
 * @param longest how long the answer may take
 */
public record HttpCall(String url, Optional<String> iam, Duration longest) {}
