/**
 * Fanfare: a serverless workflow engine.
 *
 * <p>Text becomes a definition ({@code dialect}), a definition a graph ({@code graph}), a graph and
 * events become decisions ({@code engine}), decisions become rows and work ({@code store}, {@code
 * conductor}, {@code work}); {@code function}, {@code api} and {@code local} are the edges. {@code
 * docs/architecture.md} shows the house, and a test holds it.
 */
package dev.fanfare;
