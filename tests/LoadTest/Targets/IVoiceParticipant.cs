using Hype.MediaClient;

namespace Hype.LoadTest.Targets;

/// <summary>One who is in a channel. Disposing leaves it, in order where the server still listens.</summary>
internal interface IVoiceParticipant : IAsyncDisposable
{
    /// <summary>
    /// Sends one frame of 20 ms on every transport that is up. Called on the participant's <see cref="ParticipantSpec.Thread"/>, and
    /// only for speakers; allocates nothing. What is said before there are keys is lost, as it is for a browser.
    /// </summary>
    /// <param name="payloadLength">Bytes, <see cref="SpokenFrame.MinLength"/> or more.</param>
    /// <param name="startsTurn">The first frame after silence (the RTP marker).</param>
    void Say(in SpokenFrame frame, int payloadLength, bool startsTurn);
}
