// What every picture has around it: its question and its sum above, what it rests on below. So a picture that travels
// without its page still says what it shows, of which ledger, and when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/checkpoint.pb.h"
#include "fundtrail/v1/trace.pb.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

struct Caption {
  std::string question;
  std::string sum;          // a sentence with the whole
  std::string method;       // empty: none is told, and so for each text below
  v1::CheckpointRef as_of;  // without a ledger: none is told
  std::optional<std::uint64_t> as_of_record;
  std::string source;
  std::string licence;
  std::string link;  // where the answer is, for good
};

// What of the money is promised and not paid: by the transfers that were asked about, or, where all of these are payments, by those
// that brought it to its ends.
std::int64_t CommittedIn(const v1::AssetTrace& trace);
// Of a trace, with the sum of one of its assets.
Caption CaptionOf(const v1::TraceAnswer& answer, const v1::AssetTrace& trace, const Words& words);

// "Red Cross (hub), fund winter".
std::string AccountName(const v1::Account& account, const Words& words);

// "1,234.00": of an answer that may come from any server.
std::string Money(std::int64_t amount, std::uint32_t decimals);
// The words with what stands in braces, without them: Filled("{n} others", {{"n", "28"}}).
std::string Filled(const std::string& words, const std::vector<std::pair<std::string, std::string>>& values);
// As much of the text as fits in so many columns of a terminal, visible.
std::string Clipped(const std::string& text, int columns);

inline constexpr Px kMargin = Pixels(16);
inline constexpr int kLabelColumns = 28;

// A line of text from (x, y), its base line.
Element TextAt(Px x, Px y);

// What colours mean, in rows.
struct Entry {
  Fixed fill;
  std::string words;
};

// A sheet that grows downwards: texts of the caption above, then the drawing, then the rest of the caption.
class Sheet {
 public:
  // `width` with its margins. The drawing begins at kMargin, top(). Without `draws` it only measures. The caption and the words must outlive
  // it.
  Sheet(const Caption& caption, Px width, const Words& words, bool draws = true);
  Px top() const { return y_; }
  Px width() const { return width_; }
  // What was drawn, which ends at `bottom`.
  void Add(const Svg& drawn) { drawn_ += drawn; }
  void GrowTo(Px bottom) { y_ = bottom; }
  void AddLegend(const std::vector<Entry>& entries);
  // In small letters, on as many lines as it takes.
  void AddNote(const std::string& text);
  // Once, and then top() is its height. The whole: <svg> with width, height, viewBox, title and desc, and below what
  // was added the rest of the caption. Nothing where it only measures.
  Svg Made();

 private:
  void Lines(const std::string& text, int columns, int most, bool heading);

  const Caption& caption_;
  const Px width_;
  const Words& words_;
  const bool draws_;
  Px y_ = kMargin;
  Svg drawn_;
};

}  // namespace fundtrail::picture
