#include "gateway/commands/node_check.hpp"

#include <unistd.h>

#include "gateway/node_programs.hpp"

namespace jieding::commands {
namespace {

void check_key(Findings& findings, const config::Node& node) {
  const std::string line = "key of node " + node.id + ": ";
  if (::access(node.key.c_str(), R_OK) == 0)
    findings.fine(line + node.key.string());
  else
    findings.bad(line + "cannot read " + node.key.string() +
                 "; copy the public half there (openssl pkey -pubout)");
}

void ask(Findings& findings, const config::Node& node) {
  const auto heard = NodePrograms(programs_folder()).echo(node);
  const std::string line = "node " + node.id + " at " + node.at + ": ";
  if (heard)
    findings.fine(line + "answers");
  else
    findings.bad(line + heard.error().text());
}

}  // namespace

void check_nodes(Findings& findings, const std::vector<config::Node>& nodes, bool deep) {
  if (nodes.empty()) return;
  for (const char* name : {"jieding-node", "jieding-image"}) {
    const std::string program = programs_folder() / name;
    if (::access(program.c_str(), X_OK) != 0)
      findings.bad("nodes: " + program + " cannot be run; install it beside jieding");
  }
  for (const config::Node& node : nodes) {
    check_key(findings, node);
    if (deep) ask(findings, node);
  }
}

}  // namespace jieding::commands
