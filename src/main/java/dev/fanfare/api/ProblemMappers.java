package dev.fanfare.api;

import dev.fanfare.conductor.UnknownRunException;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever a request ends in into problem+json. */
public class ProblemMappers {

  private static final Logger LOG = System.getLogger(ProblemMappers.class.getName());

  @ServerExceptionMapper
  Response refused(ApiException failure) {
    return failure.problem().toResponse();
  }

  @ServerExceptionMapper
  Response unknown(UnknownRunException failure) {
    return Problem.of(404, String.valueOf(failure.getMessage())).toResponse();
  }

  /** What the framework refuses: paths, methods, media types, query parameters. */
  @ServerExceptionMapper
  Response refused(WebApplicationException failure, UriInfo uri) {
    Response answer = failure.getResponse();
    String path = uri.getPath();
    String detail =
        switch (failure) {
          case NotFoundException ignored ->
              "this version has nothing at " + path + "; /q/openapi lists what it has";
          case NotAllowedException ignored ->
              path + " does not take this method; it takes " + answer.getHeaderString("Allow");
          case NotSupportedException ignored ->
              path
                  + " does not take a body of this Content-Type; send application/json, or a"
                  + " workflow file as text/yaml";
          case NotAcceptableException ignored ->
              path + " has nothing of the media type that the Accept header asks for";
          case WebApplicationException other -> String.valueOf(other.getMessage());
        };
    Response problem = Problem.of(answer.getStatus(), detail).toResponse();
    Object allow = answer.getHeaderString("Allow");
    return allow == null ? problem : Response.fromResponse(problem).header("Allow", allow).build();
  }

  /** What nobody expected: the log has the details under the id that the answer names. */
  @ServerExceptionMapper
  Response failed(Throwable failure) {
    String id = UUID.randomUUID().toString();
    LOG.log(Level.ERROR, "a request failed unexpectedly (" + id + ")", failure);
    return Problem.of(
            500, "something unexpected happened; the server's log has the details under " + id)
        .toResponse();
  }
}
