// Names that read as other names. Whoever registers a party is told of them. No rule of a ledger rests on them, since
// ICU's answers change with the version of Unicode.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace fundtrail {

// What a reader takes a name for: names that share one of these read alike. The skeletons by UTS #39 of the name as it
// is and of its lower-case form, both in NFKC, without what nobody sees, spaces collapsed.
std::vector<std::string> ReadingsOf(std::string_view name);

// The first word of the name that mixes scripts as no language does, as "Rеd" with a Cyrillic letter does (UTS #39:
// above Highly Restrictive). A name of several words in several scripts has none.
std::optional<std::string> MixedWord(std::string_view name);

// What a search compares. Texts have the same when they differ only in case, in width, in compatibility forms or in the
// accents of Latin, Greek and Cyrillic letters. Every run of white space becomes one space, and none stands at the ends.
std::string FoldedForSearch(std::string_view text);

// The name in ASCII letters, as ICU writes it: Chinese in pinyin without tones, a word a syllable. Of a long name its front.
// What ICU has no Latin for is left out; all of it, where ICU lacks its data.
std::string InLatin(std::string_view name);

// A party's name, and how it reads: ReadingsOf, which takes far longer than all that is done with it.
struct ReadName {
  std::string id, name;
  std::vector<std::string> readings;

  ReadName(std::string_view the_id, std::string_view the_name)
      : id(the_id), name(the_name), readings(ReadingsOf(the_name)) {}
};

// Who has which name.
class NameBook {
 public:
  // So many parties are compared; those that come later are not kept.
  static constexpr std::size_t kMost = 100'000;

  void Add(const ReadName& party);
  void Add(std::string_view id, std::string_view name) { Add(ReadName(id, name)); }
  bool full() const { return parties_ >= kMost; }

  // What whoever registers these parties (id and name), one after the other, should be told of their names, in words.
  // It says that another party has the name, or one that reads like it, or that a word mixes scripts.
  std::vector<std::string> JudgeRead(const std::vector<ReadName>& parties) const;
  std::vector<std::string> Judge(const std::vector<std::pair<std::string, std::string>>& parties) const;

 private:
  struct Holder {
    std::string id, name;
  };
  const Holder* Other(std::string_view id, const std::vector<std::string>& readings) const;

  std::unordered_map<std::string, Holder> holders_;  // by reading: who had it first
  std::size_t parties_ = 0;
};

}  // namespace fundtrail
