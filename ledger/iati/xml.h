// XML as a file of records has it: the children of the root come one by one, each whole, as a small tree. By Expat.
//
// What is read is from anywhere, so all of it is bounded. A DOCTYPE is refused, and with it every entity that a file could
// declare: nothing is fetched, and nothing grows as it is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::iati {

inline constexpr std::size_t kMaxXmlBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMaxDepth = 32;
inline constexpr std::size_t kMaxAttributes = 64;       // of one element
inline constexpr std::size_t kMaxElements = 1'000'000;  // and attributes in one child of the root
inline constexpr std::size_t kMaxTextBytes = 4096;      // of one element or attribute: what is longer is cut
inline constexpr std::size_t kMaxKeptBytes = 64'000'000;  // of texts and attributes in one child of the root

// The namespace of what fundtrail writes beside the standard. An element or attribute of it is called "ft:NAME" here.
inline constexpr std::string_view kOwnNamespace = "https://fundtrail.org/ns/iati";

struct Element {
  std::string name;  // those of other namespaces are left out, with all that is in them
  std::vector<std::pair<std::string, std::string>> attributes;  // "xml:lang" too
  std::string text;                                             // its own, without that of its children
  std::vector<Element> children;
  std::uint64_t line = 0;  // where it begins in the file, from 1

  // Empty where it has none.
  const std::string& Attribute(std::string_view called) const;
  // The first one with that name; null where there is none.
  const Element* Child(std::string_view called) const;
};

// `root` is told the root with its attributes, before all else; `each` a child of it, when it is whole. An error of theirs
// ends the reading, and is returned. INVALID_ARGUMENT, with the line, when the text is no XML or beyond a bound.
Status ReadXml(std::string_view text, const std::function<Status(const Element&)>& root,
               const std::function<Status(Element&&)>& each);

// A text as XML has it between tags and in attributes. What XML 1.0 cannot say is left out.
std::string EscapedXml(std::string_view text);

}  // namespace fundtrail::iati
