using System.Collections.Immutable;

namespace Hype.Grains.Channels.Members;

/// <summary>The limits of the attributes that an application may set for a participant.</summary>
internal static class ParticipantAttributes
{
    private const int MaxCount = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 256;

    public static bool AreValid(ImmutableSortedDictionary<string, string> attributes) =>
        attributes.Count <= MaxCount
        && attributes.All(attribute =>
            PrintableText.FlawOfIdentifier(attribute.Key, MaxKeyLength) is null
            && PrintableText.FlawOfDisplay(attribute.Value, MaxValueLength) is null);
}
