package dev.fanfare.secret.aws;

import dev.fanfare.json.Json;
import dev.fanfare.secret.SecretUnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a secret is called in AWS.
 *
 * @param prefix before the name of a secret that has no name of its own there
 * @param own names of their own: {@code prod/db}, an ARN, or {@code prod/db#password} for a member
 *     of a secret that is a JSON object
 */
public record AwsNames(String prefix, Function<String, Optional<String>> own) {

  /** Where a value is: the id of what AWS keeps, and the member of it, empty for the whole. */
  record Place(String id, String member) {

    /**
     * The member of a text; empty where there is none.
     *
     * @throws SecretUnavailableException where a member is asked for and the text is no JSON object
     */
    Optional<String> of(String name, String service, String text) {
      if (member.isEmpty()) {
        return Optional.of(text);
      }
      try {
        if (Json.parse(text) instanceof Map<?, ?> object) {
          return Optional.ofNullable(object.get(member))
              .map(value -> value instanceof String string ? string : Json.write(value));
        }
      } catch (Json.JsonException e) {
        // Its message may quote the text.
        throw noObject(name, service);
      }
      throw noObject(name, service);
    }

    private SecretUnavailableException noObject(String name, String service) {
      return new SecretUnavailableException(
          name, words(service), "it is no JSON object, so it has no member " + member);
    }

    String words(String service) {
      return service + " (" + id + (member.isEmpty() ? "" : "#" + member) + ")";
    }
  }

  Place of(String name) {
    Optional<String> written = own.apply(name);
    if (written.isEmpty()) {
      return new Place(prefix + name, "");
    }
    int hash = written.get().indexOf('#');
    return hash < 0
        ? new Place(written.get(), "")
        : new Place(written.get().substring(0, hash), written.get().substring(hash + 1));
  }
}
