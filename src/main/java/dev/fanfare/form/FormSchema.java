package dev.fanfare.form;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.ClasspathSchemaLoader;
import com.networknt.schema.resource.DisallowSchemaLoader;
import com.networknt.schema.resource.InputStreamSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of forms, draft 2020-12 unless {@code $schema} says otherwise. */
public final class FormSchema {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ClasspathSchemaLoader CLASS_PATH = new ClasspathSchemaLoader();
  private static final int LONGEST_MESSAGE = 500;

  private static final Map<String, VersionFlag> DRAFTS =
      Map.of(
          SchemaId.V202012,
          VersionFlag.V202012,
          SchemaId.V201909,
          VersionFlag.V201909,
          withoutHash(SchemaId.V7),
          VersionFlag.V7,
          withoutHash(SchemaId.V6),
          VersionFlag.V6,
          withoutHash(SchemaId.V4),
          VersionFlag.V4);

  private FormSchema() {}

  /**
   * What is wrong, and where.
   *
   * @param path JSON Pointer into the schema or the form, empty for the whole
   */
  public record Finding(String path, String message) {
    /** {@code /size must have a maximum value of 9}. */
    public String text() {
      return path.isEmpty() ? message : path + " " + message;
    }
  }

  /** What keeps a schema from being used; empty where it is good. */
  public static List<Finding> check(Map<String, ?> schema) {
    Optional<VersionFlag> draft = draft(schema);
    if (draft.isEmpty()) {
      return List.of(
          new Finding(
              "/$schema",
              "there is no draft '"
                  + schema.get("$schema")
                  + "' here; leave $schema out for "
                  + SchemaId.V202012));
    }
    JsonNode node = MAPPER.valueToTree(schema);
    List<Finding> findings =
        findings(
            factory(draft.get())
                .getSchema(SchemaLocation.of(draft.get().getId()), config())
                .validate(node));
    if (!findings.isEmpty()) {
      return findings;
    }
    try {
      factory(draft.get()).getSchema(node, config()).initializeValidators();
      return List.of();
    } catch (JsonSchemaException e) {
      return List.of(new Finding("", unusable(e)));
    } catch (Patterns.UnknownPatternException e) {
      return List.of(new Finding("", String.valueOf(e.getMessage())));
    }
  }

  /**
   * What is wrong with a form; empty where it is as the schema says.
   *
   * @param schema one in which {@link #check} finds nothing
   */
  public static List<Finding> validate(Map<String, ?> schema, @Nullable Object form) {
    VersionFlag draft = draft(schema).orElse(VersionFlag.V202012);
    JsonSchema compiled = factory(draft).getSchema(MAPPER.<JsonNode>valueToTree(schema), config());
    return findings(compiled.validate(MAPPER.<JsonNode>valueToTree(form)));
  }

  private static Optional<VersionFlag> draft(Map<String, ?> schema) {
    Object named = schema.get("$schema");
    return named == null
        ? Optional.of(VersionFlag.V202012)
        : Optional.ofNullable(DRAFTS.get(withoutHash(String.valueOf(named))));
  }

  private static String withoutHash(String id) {
    return id.endsWith("#") ? id.substring(0, id.length() - 1) : id;
  }

  /** Knows the drafts, which lie on the class path, and fetches nothing else. */
  private static JsonSchemaFactory factory(VersionFlag draft) {
    return JsonSchemaFactory.getInstance(
        draft,
        builder ->
            builder.schemaLoaders(
                loaders ->
                    loaders.values(
                        list -> {
                          list.clear();
                          list.add(FormSchema::draftItself);
                          list.add(DisallowSchemaLoader.getInstance());
                        })));
  }

  /** A draft's own schema; null for everything else, which the next loader refuses. */
  private static @Nullable InputStreamSource draftItself(AbsoluteIri iri) {
    return iri.toString().startsWith("classpath:draft") ? CLASS_PATH.getSchema(iri) : null;
  }

  private static SchemaValidatorsConfig config() {
    return SchemaValidatorsConfig.builder()
        .locale(Locale.ENGLISH)
        .pathType(PathType.JSON_POINTER)
        .formatAssertionsEnabled(true)
        .regularExpressionFactory(new Patterns())
        .cacheRefs(false)
        .build();
  }

  private static List<Finding> findings(Collection<ValidationMessage> messages) {
    // One finding for each place: what offers a choice has a message for each way it was not met.
    Map<String, String> byPath = new LinkedHashMap<>();
    for (ValidationMessage message : messages) {
      String path = Objects.toString(message.getInstanceLocation(), "");
      byPath.merge(path, sentence(message, path), (one, other) -> one + "; " + other);
    }
    List<Finding> findings = new ArrayList<>();
    byPath.forEach((path, text) -> findings.add(new Finding(path, cut(text))));
    return findings;
  }

  private static String sentence(ValidationMessage message, String path) {
    if (path.endsWith("/pattern") && "format".equals(message.getType())) {
      return "is no pattern that can be used here; look-around and back-references are not known";
    }
    String text = Objects.toString(message.getMessage(), "");
    String prefix = path + ": ";
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String unusable(JsonSchemaException failure) {
    ValidationMessage message = failure.getValidationMessage();
    return cut(message == null ? String.valueOf(failure.getMessage()) : message.getMessage());
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
  }
}
