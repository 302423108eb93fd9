package dev.fanfare.graph;

import dev.fanfare.definition.Fan;
import dev.fanfare.definition.Structure;
import dev.fanfare.definition.Work;
import java.util.Set;

/** What a node is, once fans and structures have become nodes of their own. */
public sealed interface Shape {

  /** Work to do. */
  record Leaf(Work work) implements Shape {}

  /** What contains other nodes. */
  sealed interface Group extends Shape {}

  /** Children that start together. */
  record Parallel(Structure.Parallel definition) implements Group {}

  /** Children that follow each other. */
  record Sequence() implements Group {}

  /** Children that compete. */
  record Race(Structure.Race definition) implements Group {}

  /** What has one template child, of which instances are made at run time. */
  sealed interface Repeated extends Group {}

  /** One instance per item, together. */
  record ForEach(Fan.ForEach definition) implements Repeated {}

  /** One child per combination, named by its values. */
  record Matrix(Fan.Matrix definition) implements Group {}

  /** One instance per turn, one after another. */
  record Loop(Structure.Loop definition) implements Repeated {
    /** The number of the turn, from 0. */
    public static final String ITERATION = "iteration";

    /** What the turn before has yielded; null in the first. */
    public static final String LAST = "last";

    /** What a loop adds to the names that expressions inside it, and its conditions, may use. */
    public static final Set<String> NAMES = Set.of(ITERATION, LAST);
  }

  /** One child per case: a sequence, whose {@code when} only the switch asks. */
  record Switch(Structure.Switch definition) implements Group {}

  /** The name of the kind in plans and events. */
  default String kind() {
    return switch (this) {
      case Leaf leaf ->
          switch (leaf.work()) {
            case Work.Run ignored -> "run";
            case Work.Http ignored -> "http";
            case Work.Lambda ignored -> "lambda";
            case Work.Call ignored -> "call";
            case Work.SubWorkflow ignored -> "workflow";
            case Work.Approval ignored -> "approval";
            case Work.WaitFor ignored -> "waitFor";
            case Work.Sleep ignored -> "sleep";
            case Work.Pass ignored -> "pass";
          };
      case Parallel ignored -> "parallel";
      case Sequence ignored -> "sequence";
      case Race ignored -> "race";
      case ForEach ignored -> "forEach";
      case Matrix ignored -> "matrix";
      case Loop ignored -> "loop";
      case Switch ignored -> "switch";
    };
  }
}
