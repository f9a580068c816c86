using Hype.LoadTest.Media;

namespace Hype.LoadTest.Targets;

/// <summary>The parameters of a participant that joins.</summary>
/// <param name="Number">
/// The participant's number in the whole run, from 1; the value of <see cref="MediaClient.SpokenFrame.Speaker"/>.
/// </param>
/// <param name="Speaks">True if the participant sends frames.</param>
/// <param name="Hears">True if the participant receives the audio of others; false for a deaf speaker.</param>
/// <param name="Thread">The media thread of the participant's peers.</param>
internal sealed record ParticipantSpec(
    uint Number, string Channel, bool Speaks, bool Hears, VoiceThread Thread, IParticipantObserver Observer)
{
    public string Name => $"load-{Number}";
}
