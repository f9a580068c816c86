using Hype.LoadTest.Media;

namespace Hype.LoadTest.Targets;

/// <summary>A participant before its join.</summary>
/// <param name="Number">Its number in the whole run, from 1; the value of <see cref="MediaClient.SpokenFrame.Speaker"/>.</param>
/// <param name="Speaks">It sends frames.</param>
/// <param name="Hears">It receives other participants' audio; a deaf speaker does not.</param>
/// <param name="Thread">The thread of its peers.</param>
internal sealed record ParticipantSpec(
    uint Number, string Channel, bool Speaks, bool Hears, VoiceThread Thread, IParticipantObserver Observer)
{
    public string Name => $"load-{Number}";
}
