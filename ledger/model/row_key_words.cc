// Keys of rows in words, for messages (row_keys.h).
#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "ledger/model/row_key_parts.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::model::keys {
namespace {

// A damaged key may hold any bytes, and the words for it go to a terminal.
std::string Printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) c = c == '\0' ? '/' : (c < ' ' || c > '~' ? '?' : c);
  return text;
}

// What is shown of a key that is longer than any of the ledger's.
constexpr std::size_t kMaxShown = 400;
constexpr std::size_t kMaxHex = 32;

// The length that keys of that kind have; nothing of those whose end is a text.
std::optional<std::size_t> LengthOf(char tag) {
  switch (tag) {
    case 'c':
    case 'm':
    case 'N':
      return 1;
    case 'r':
    case 'K':
    case 'b':
    case 'a':
      return 9;
    case 'n':
      return 10;
    case 't':
    case 'y':
    case 'Y':
      return 13;
    case 'u':
    case 'o':
    case 'i':
    case 'C':
      return 17;
    case 'j':
      return 25;
    case 'l':
      return 22;
    default:
      return std::nullopt;
  }
}

std::string InWords(ByteView key) {
  const auto number = [&](std::size_t at) -> std::string {
    return key.size() >= at + 8 ? absl::StrCat(ReadBigEndian64(key.substr(at))) : "?";
  };
  const auto line = [&](std::size_t at) -> std::string {
    return key.size() >= at + 4 ? absl::StrCat(ReadBigEndian32(key.substr(at))) : "?";
  };
  const auto words = [&](std::size_t at) { return Printable(key.substr(at < key.size() ? at : key.size())); };
  const auto item = [&](std::size_t at = 1) -> std::string {
    return RegisterOf(key, at) == nullptr ? "item of no register" : std::string(RegisterOf(key, at)->name);
  };
  switch (key[0]) {
    case 'r':
      return absl::StrCat("record ", number(1));
    case 'n':
      return absl::StrCat("tree node at level ", key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0,
                          ", index ", number(2));
    case 'c':
      return "the checkpoint";
    case 'e': {
      const std::size_t end = key.find('\0');
      if (end == ByteView::npos) return absl::StrCat("entry id ", HexEncode(key.substr(1)));
      return absl::StrCat("entry id ", HexEncode(key.substr(end + 1)), " of author ",
                          Printable(key.substr(1, end - 1)));
    }
    case 'm':
      return "the genesis row";
    case 'g':
      return absl::StrCat(item(), " ", words(2));
    case 'h':
      return absl::StrCat(
          "past version of ", item(), " ",
          Printable(key.substr(std::min<std::size_t>(2, key.size()), key.size() < 11 ? 0 : key.size() - 11)));
    case 'q':
      return absl::StrCat(item(), " tree ", words(2));
    case 's': {
      const std::size_t end = key.find('\0', 2);
      return absl::StrCat("what was said about ", item(), " ",
                          Printable(key.substr(std::min<std::size_t>(2, key.size()),
                                               end == ByteView::npos ? ByteView::npos : end - 2)));
    }
    case 'd':
    case 'p': {
      const std::size_t end = key.find('\0', 1);
      const std::string project = Printable(key.substr(1, end == ByteView::npos ? end : end - 1));
      const std::string of = project.empty()           ? "general money"
                             : project == kAllProjects ? "all projects"
                                                       : absl::StrCat("project ", project);
      if (key[0] == 'd') {
        const bool whole = end != ByteView::npos && key.size() == end + 9;
        return absl::StrCat("account ", whole ? number(end + 1) : "?", " of ", of);
      }
      // Without a record it is all sums of the project in an asset.
      const std::size_t behind = end == ByteView::npos ? end : key.find('\0', end + 1);
      const bool whole = behind != ByteView::npos && key.size() == behind + 9;
      return absl::StrCat("the sums of ", of,
                          whole ? absl::StrCat(" after record ", number(behind + 1)) : "");
    }
    case 'w': {
      std::string text = "what was paid for need ";
      std::size_t at = 1;
      for (const char* before : {"", ", fund ", ", "}) {
        const std::size_t end = key.find('\0', at);
        const std::string part = Printable(key.substr(at, end == ByteView::npos ? end : end - at));
        if (at == 1 || !part.empty()) absl::StrAppend(&text, before, part);
        if (end == ByteView::npos) return text;
        at = end + 1;
      }
      return absl::StrCat(text, key.size() == at + 8 ? absl::StrCat(", after record ", number(at)) : "");
    }
    case 'y':
      return absl::StrCat("the need of transfer ", number(1), ".", line(9));
    case 'v': {
      const std::size_t end = key.find('\0', 1);
      const std::string place = Printable(key.substr(1, end == ByteView::npos ? end : end - 1));
      return absl::StrCat(end == ByteView::npos ? "?" : absl::StrCat(item(end + 1), " ", words(end + 2)),
                          " at place ", place);
    }
    case 'f': {
      const std::size_t end = key.find('\0', std::min<std::size_t>(2, key.size()));
      const std::string named =
          Printable(key.substr(std::min<std::size_t>(2, key.size()), end == ByteView::npos ? end : end - 2));
      return absl::StrCat(end == ByteView::npos ? "?" : absl::StrCat(item(end + 1), " ", words(end + 2)),
                          " of ", item(), " ", named);
    }
    case 'j':
      return absl::StrCat("what was acknowledged of transfer ", number(1), ".", line(9), " in record ",
                          number(13));
    case 'G': {
      const std::size_t end = key.find('\0', 1);
      const bool whole = end != ByteView::npos && key.size() == end + 13;
      return absl::StrCat("an act of group ", Printable(key.substr(1, end == ByteView::npos ? end : end - 1)),
                          whole ? absl::StrCat(" in record ", number(end + 1)) : "");
    }
    case 'z':
    case 'P': {
      const std::size_t end = key.find('\0', std::min<std::size_t>(2, key.size()));
      const bool whole = end != ByteView::npos && key.size() == end + 9;
      const std::string id =
          Printable(key.substr(std::min<std::size_t>(2, key.size()), end == ByteView::npos ? end : end - 2));
      constexpr const char* kKinds[] = {"?", "pledge", "assignment", "need", "commitment"};
      const std::size_t kind = key.size() > 1 ? static_cast<unsigned char>(key[1]) : 0;
      const std::string of = key[0] == 'z' ? absl::StrCat("the verdicts over ", item())
                                           : absl::StrCat("the sums of ", kKinds[kind <= 4 ? kind : 0]);
      return absl::StrCat(of, " ", id, whole ? absl::StrCat(" after record ", number(end + 1)) : "");
    }
    case 'C':
      return absl::StrCat("what is kept of account ", number(1), " after record ", number(9));
    case 'D':
      return absl::StrCat("what commitment ", words(13), " keeps of account ", number(1));
    case 'Y':
      return absl::StrCat("what transfer ", number(1), ".", line(9), " names");
    case 'x':
      return absl::StrCat("alternative id ", words(1));
    case 'k':
      return absl::StrCat("grant of key ", HexEncode(key.substr(1, kPublicKeyBytes)), " for ",
                          words(1 + kPublicKeyBytes));
    case kPastGrantTag: {
      const std::size_t end = key.find('\0', std::min(key.size(), 1 + kPublicKeyBytes));
      const bool whole = end != ByteView::npos && key.size() == end + 9;
      return absl::StrCat("grant of key ", HexEncode(key.substr(1, kPublicKeyBytes)), " for ",
                          Printable(key.substr(std::min(key.size(), 1 + kPublicKeyBytes),
                                               end == ByteView::npos ? end : end - 1 - kPublicKeyBytes)),
                          whole ? absl::StrCat(" until record ", number(end + 1)) : "");
    }
    case 'K':
      return absl::StrCat("the ledger's key from record ", number(1), " on");
    case 'A':
      return absl::StrCat("account name ", words(1));
    case 'N':
      return "the next account's number";
    case 'b':
      return absl::StrCat("name of account ", number(1));
    case 'a':
      return absl::StrCat("state of account ", number(1));
    case 'u':
      return absl::StrCat("account ", number(1), ", hole at position ", number(9));
    case 'o':
      return absl::StrCat("account ", number(1), ", piece out at position ", number(9));
    case 'i':
      return absl::StrCat("account ", number(1), ", piece in at position ", number(9));
    case 't':
      return absl::StrCat("transfer ", number(1), ".", line(9));
    case 'l':
      return absl::StrCat("account ", number(1), ", statement line of transfer ", number(9), ".", line(17));
    default:
      return absl::StrCat("unknown key ", HexEncode(key.substr(0, kMaxHex)),
                          key.size() > kMaxHex ? "..." : "");
  }
}

}  // namespace

std::string Describe(ByteView key) {
  if (key.empty()) return "an empty key";
  const auto length = LengthOf(key[0]);
  std::string text = InWords(key.substr(0, std::min(length.value_or(kMaxShown), kMaxShown)));
  if (length.has_value() && key.size() != *length) {
    absl::StrAppend(&text, ", with a key of ", key.size(), " bytes instead of ", *length);
  } else if (key.size() > kMaxShown) {
    absl::StrAppend(&text, ", with a key of ", key.size(), " bytes");
  }
  return text;
}

}  // namespace fundtrail::model::keys

namespace fundtrail::model {

Status Damaged(ByteView key, std::string_view what) {
  return Damaged(absl::StrCat(keys::Describe(key), " ", std::string(what)));
}

Status Damaged(std::string_view what) {
  return absl::DataLossError(absl::StrCat("the store is damaged: ", std::string(what), "; run verify"));
}

}  // namespace fundtrail::model
