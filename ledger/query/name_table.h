// Names that were looked up lately, by id: in few bytes each, so that a list of many parties finds most of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fundtrail::query {

// Two halves: when the one that grows is full it becomes the other, and what that one had is forgotten. What is found in the other one stays
// there, so that ids which come round in one order are all found while they fit. Not for two threads at once.
class NameTable {
 public:
  // Keeps up to so many bytes of ids and names, with four more for each. What it needs beside them is a fifth of that at most.
  explicit NameTable(std::size_t bytes) : half_bytes_(bytes / 2) {}

  // Nothing when it is not known. It lasts until the next Put.
  std::optional<std::string_view> Find(std::string_view id) const;
  // Of an id that is not known. What is longer than 64 KiB, or than half of the table, is not kept.
  void Put(std::string_view id, std::string_view name);

 private:
  struct Half {
    std::string texts;                  // for each: two lengths, the id, the name
    std::vector<std::uint32_t> places;  // by hash: where it begins, and 1; 0: nothing
    std::size_t count = 0;
  };
  static std::optional<std::string_view> FindIn(const Half& half, std::string_view id, std::size_t hash);
  static void SetPlace(Half* half, std::uint32_t begin, std::size_t hash);
  static void Widen(Half* half);

  std::size_t half_bytes_;
  Half grows_, other_;
};

}  // namespace fundtrail::query
