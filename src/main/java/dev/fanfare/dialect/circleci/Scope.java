package dev.fanfare.dialect.circleci;

import dev.fanfare.definition.Nearest;
import dev.fanfare.dialect.ImportInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code << >>} can read in one place of the file.
 *
 * @param templated whether {@code << >>} means anything: not in version 2
 * @param parameters of the job, command or executor that the place belongs to
 * @param matrix values of the combination, in a workflow
 * @param pipeline what all places read
 */
record Scope(
    boolean templated,
    Map<String, Value> parameters,
    Map<String, Value> matrix,
    PipelineValues pipeline) {

  /** Where nothing can be read. */
  static final Scope NONE = of(false, new PipelineValues(ImportInputs.none()));

  private static final String PARAMETERS = "parameters.";
  private static final String MATRIX = "matrix.";

  Scope {
    parameters = new LinkedHashMap<>(parameters);
    matrix = new LinkedHashMap<>(matrix);
  }

  /** Where nothing but the pipeline can be read. */
  static Scope of(boolean templated, PipelineValues pipeline) {
    return new Scope(templated, Map.of(), Map.of(), pipeline);
  }

  /** The scope inside of a job, command or executor. */
  Scope inside(Map<String, Value> arguments) {
    return new Scope(templated, arguments, Map.of(), pipeline);
  }

  /** The scope of one combination of a matrix. */
  Scope combined(Map<String, Value> combination) {
    return new Scope(templated, parameters, combination, pipeline);
  }

  /** A value by its name; empty where there is none of that name. */
  Optional<Value> find(String name) {
    if (name.startsWith(PARAMETERS)) {
      return Optional.ofNullable(parameters.get(name.substring(PARAMETERS.length())));
    }
    if (name.startsWith(MATRIX)) {
      return Optional.ofNullable(matrix.get(name.substring(MATRIX.length())));
    }
    return pipeline.find(name);
  }

  /** The end of a message about a name that is none. */
  String hint(String name) {
    List<String> known = new ArrayList<>(pipeline.names());
    parameters.keySet().forEach(each -> known.add(PARAMETERS + each));
    matrix.keySet().forEach(each -> known.add(MATRIX + each));
    return Nearest.to(name, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }
}
