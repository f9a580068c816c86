using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>A participant in a channel. Disposing it leaves the channel, in order if the server still listens.</summary>
internal interface IVoiceParticipant : IAsyncDisposable
{
    /// <summary>
    /// Sends one frame of 20 ms on every connected transport. Called on the participant's <see cref="ParticipantSpec.Thread"/>, and
    /// only for speakers; allocates nothing. Frames sent before there are keys are lost, as in a browser.
    /// </summary>
    /// <param name="payloadLength">Bytes, <see cref="SpokenFrame.MinLength"/> or more.</param>
    /// <param name="startsTurn">The first frame after silence (the RTP marker).</param>
    void Say(in SpokenFrame frame, int payloadLength, bool startsTurn);
}
