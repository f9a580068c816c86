namespace Hype.Grains.Abstractions.Participants;

/// <summary>An offer, answer or candidate from one member of a mesh to another. The content is the browsers' business.</summary>
/// <param name="From">The sender's participant number.</param>
/// <param name="Epoch">The layout it belongs to.</param>
/// <param name="Payload">JSON as the client sent it: <c>{"description":…}</c> or <c>{"candidate":…}</c>.</param>
[GenerateSerializer, Immutable, Alias("hype.PeerSignal")]
public sealed record PeerSignal([property: Id(0)] MemberNumber From, [property: Id(1)] LayoutEpoch Epoch, [property: Id(2)] string Payload);
