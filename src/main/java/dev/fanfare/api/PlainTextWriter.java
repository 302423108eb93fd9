package dev.fanfare.api;

import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.NullUnmarked;

/** Writes objects as lines for clients that take {@code text/plain}, and problems too. */
@Provider
@Produces(MediaType.TEXT_PLAIN)
@NullUnmarked // the interface says nothing about null
public class PlainTextWriter implements MessageBodyWriter<Object> {

  private static final MediaType LINES = MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8");

  /** Runs with very many steps would fill a shell's memory; steps are told as events. */
  private static final String LEFT_OUT = "steps";

  @Override
  public boolean isWriteable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return Map.class.isAssignableFrom(type) || type == StepResource.Decision.class;
  }

  @Override
  public void writeTo(
      Object answer,
      Class<?> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, Object> headers,
      OutputStream body)
      throws IOException {
    Map<?, ?> object =
        answer instanceof StepResource.Decision decision ? decision.object() : (Map<?, ?>) answer;
    headers.putSingle("Content-Type", LINES);
    body.write(PlainText.object(object, LEFT_OUT).getBytes(StandardCharsets.UTF_8));
  }

  /** A client that takes no JSON gets a problem as text. */
  @ServerResponseFilter
  public void problems(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getEntity() instanceof Problem problem
        && takesTextOnly(request.getAcceptableMediaTypes())) {
      response.setEntity(PlainText.problem(problem), new Annotation[0], LINES);
    }
  }

  private static boolean takesTextOnly(List<MediaType> accepted) {
    return !accepted.isEmpty()
        && accepted.stream().allMatch(MediaType.TEXT_PLAIN_TYPE::isCompatible)
        && accepted.stream().noneMatch(type -> type.isWildcardType());
  }
}
