package dev.fanfare.work.http;

import dev.fanfare.definition.ErrorInfo;
import dev.fanfare.work.WorkException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;

/** What went wrong with a request, in words. */
final class HttpErrors {

  private HttpErrors() {}

  /** Carries a {@link WorkException} through a Uni. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorInfo error;

    Refused(WorkException cause) {
      super(cause);
      this.error = cause.error();
    }
  }

  static ErrorInfo of(Throwable thrown, String method, String url) {
    String request = method + " " + url;
    return switch (thrown) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          of(wrapped.getCause(), method, url);
      case Refused refused -> refused.error;
      case WorkException refused -> refused.error();
      case BoundedBody.TooLarge large ->
          ErrorInfo.of(
              "http_too_large",
              request + " answers with more than 10 MiB. Fetch it with a shell step into a file.");
      case HttpConnectTimeoutException timeout ->
          ErrorInfo.of("http_timeout", request + ": no connection within 10 s.");
      case HttpTimeoutException timeout ->
          ErrorInfo.of(
              "http_timeout",
              request + ": no answer within 5 min. Set `timeout` on the step to wait longer.");
      case UnknownHostException unknown ->
          ErrorInfo.of("http_connect", request + ": the host name is not known.");
      case ConnectException refused when hasCause(refused, UnresolvedAddressException.class) ->
          ErrorInfo.of("http_connect", request + ": the host name is not known.");
      case ConnectException refused ->
          ErrorInfo.of("http_connect", request + ": the connection was refused.");
      case SSLException tls ->
          ErrorInfo.of("http_tls", request + ": no secure connection: " + tls.getMessage() + ".");
      case IOException io ->
          ErrorInfo.of("http_io", request + ": the connection broke: " + io.getMessage() + ".");
      default -> ErrorInfo.of("http_io", request + " failed: " + thrown + ".");
    };
  }

  private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
