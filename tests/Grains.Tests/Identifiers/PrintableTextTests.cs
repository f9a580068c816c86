namespace Hype.Grains.Tests.Identifiers;

/// <summary>Tests which characters names may have: every visible one, and none that disguises a name.</summary>
public sealed class PrintableTextTests
{
    [TestCase("github/42")]
    [TestCase("auth0|x/y")]
    [TestCase("https://id.example/42?a=b#c")]
    [TestCase("ada+lovelace@example.org")]
    [TestCase("50%")]
    [TestCase("%2F")]
    [TestCase("Ada Lovelace")]
    [TestCase("O'Brien \"Bob\" \\ `x`")]
    [TestCase("Zoë 山田 محمد שרה")]
    [TestCase("🎧👍🏽")]
    [TestCase("...")]
    public void Identifier_may_have_every_visible_character(string text) =>
        Assert.That(PrintableText.FlawOfIdentifier(text, 128), Is.Null);

    [TestCase("", "1-128")]
    [TestCase(".", "RFC 3986")]
    [TestCase("..", "RFC 3986")]
    [TestCase(" ada", "space")]
    [TestCase("ada ", "space")]
    [TestCase("ada\u00a0l", "U+00A0 at position 4")]
    [TestCase("evil\u202egpj", "U+202E at position 5")]
    [TestCase("a\u2066b", "U+2066 at position 2")]
    [TestCase("ad\u200ba", "U+200B at position 3")]
    [TestCase("ad\u200da", "U+200D at position 3")]
    [TestCase("ad\ufe0fa", "U+FE0F at position 3")]
    [TestCase("\ufeffada", "U+FEFF at position 1")]
    [TestCase("a\u00adda", "U+00AD at position 2")]
    [TestCase("a\u3164", "U+3164 at position 2")]
    [TestCase("a\u2800", "U+2800 at position 2")]
    [TestCase("🎧\U000e0041", "U+E0041 at position 2")]
    [TestCase("a\nb", "U+000A at position 2")]
    [TestCase("a\u2028b", "U+2028 at position 2")]
    [TestCase("a\ufdd0", "U+FDD0 at position 2")]
    public void Identifier_with_an_invisible_or_directional_character_is_refused_with_that_character(string text, string named) =>
        Assert.That(PrintableText.FlawOfIdentifier(text, 128), Does.Contain(named));

    [Test]
    public void Half_of_a_surrogate_pair_is_refused_with_its_position() =>
        Assert.That(PrintableText.FlawOfIdentifier("a" + '\ud83c', 128), Does.Contain("U+D83C").And.Contain("position 2"));

    [TestCase("می‌خواهم", Description = "a non-joiner in Persian")]
    [TestCase("ක්‍ෂ", Description = "a joiner in Sinhala")]
    [TestCase("👩‍💻 ❤️ 1️⃣", Description = "emoji sequences")]
    [TestCase("葛\U000e0100城", Description = "an ideographic variant")]
    [TestCase("山田　太郎", Description = "a wide space")]
    [TestCase("")]
    public void Displayed_text_may_have_joiners_and_variants_where_they_are_visible(string text) =>
        Assert.That(PrintableText.FlawOfDisplay(text, 64), Is.Null);

    [TestCase("ad\u200da", "U+200D at position 3")]
    [TestCase("ad\u200ca", "U+200C at position 3")]
    [TestCase("ad\ufe0f", "U+FE0F at position 3")]
    [TestCase("1\u200d1", "U+200D at position 2")]
    [TestCase("evil\u202egpj", "U+202E at position 5")]
    [TestCase("a\u200f", "U+200F at position 2")]
    public void Displayed_text_with_a_joiner_elsewhere_or_with_a_direction_is_refused(string text, string named) =>
        Assert.That(PrintableText.FlawOfDisplay(text, 64), Does.Contain(named));

    [TestCase("Büro 3/Ost", true)]
    [TestCase("команда-🎧", true)]
    [TestCase("team*", false)]
    [TestCase("..", false)]
    [TestCase("team\u200b", false)]
    public void Channel_id_has_visible_characters_without_an_asterisk(string text, bool valid) =>
        Assert.That(ChannelId.TryParse(text, out _), Is.EqualTo(valid), ChannelId.FlawOf(text));
}
