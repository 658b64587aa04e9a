// For the tests of this room: nodes by level and index, as a log keeps them, and the vectors' files.
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "ledger/tree/merkle.h"

namespace fundtrail::tree {

// Refuses to overwrite, and to give a node that it was never given: only complete nodes may be asked for.
class NodeStore {
 public:
  void Put(const Node& node) { REQUIRE(nodes_.emplace(std::pair(node.level, node.index), node.hash).second); }
  NodeReader reader() const {
    return [this](int level, std::uint64_t index) -> StatusOr<Hash> {
      const auto found = nodes_.find({level, index});
      if (found == nodes_.end()) return absl::NotFoundError("no such node");
      return found->second;
    };
  }
  std::size_t size() const { return nodes_.size(); }

 private:
  std::map<std::pair<int, std::uint64_t>, Hash> nodes_;
};

inline std::string ReadVector(const std::string& name) {
  std::ifstream file(std::string(FUNDTRAIL_VECTORS) + "/" + name, std::ios::binary);
  INFO(name);
  REQUIRE(file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline nlohmann::json ReadJson(const std::string& name) { return nlohmann::json::parse(ReadVector(name)); }

}  // namespace fundtrail::tree
