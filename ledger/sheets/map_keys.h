// Every key of an import map, in words. What reads a map (map_toml.cc) refuses a key that does not stand here. So the reference
// that people are shown (`import csv --help-map`) leaves none out.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fundtrail::sheets {

struct MapKey {
  std::string_view table;    // empty: the key stands at the top
  std::string_view key;      // empty: the table itself
  std::string_view example;  // the key's value as TOML, or the table's heading
  const char* words;         // what it says, in English: one line
};

// In the order of the reference, which is itself a map that can be read.
std::span<const MapKey> MapKeys();
// Its line in that map: `factor = 10000`, or `[columns]`.
std::string LineOf(const MapKey& key);

// Whether the table has such a key; at the top (`table` is empty), whether there is such a key or table.
bool IsMapKey(std::string_view table, std::string_view key);

}  // namespace fundtrail::sheets
