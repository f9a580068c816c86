using Grpc.Core;
using Hype.Grains.Abstractions.Channels;
using Hype.Grains.Abstractions.Errors;
using Hype.Grains.Diagnostics;
using Hype.Grains.MediaNodes;
using Hype.Silo.Clustering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Hype.Grains.Tests.MediaNodes;

public sealed class GrpcMediaNodeClientTests
{
    [TestCase(StatusCode.OK, VoiceError.None)]
    [TestCase(StatusCode.NotFound, VoiceError.UnknownRoom)]
    [TestCase(StatusCode.FailedPrecondition, VoiceError.StaleEpoch)]
    [TestCase(StatusCode.ResourceExhausted, VoiceError.NoMediaNode)]
    [TestCase(StatusCode.InvalidArgument, VoiceError.InvalidAnswer)]
    [TestCase(StatusCode.Unavailable, VoiceError.Unavailable)]
    [TestCase(StatusCode.DeadlineExceeded, VoiceError.Unavailable)]
    [TestCase(StatusCode.AlreadyExists, VoiceError.Internal)]
    public void A_status_becomes_the_error_that_says_what_to_do(StatusCode status, VoiceError error) =>
        Assert.That(GrpcMediaNodeClient.ErrorOf(status), Is.EqualTo(error));

    [Test]
    public async Task A_node_that_is_not_there_is_an_answer_and_no_exception()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<GrainMetrics>().BuildServiceProvider();
        using var client = new GrpcMediaNodeClient($"http://127.0.0.1:{FreePorts.Find(1)[0]}", "token", TimeSpan.FromSeconds(2), services.GetRequiredService<GrainMetrics>(), NullLogger<GrpcMediaNodeClient>.Instance);
        Assert.That(await client.CloseRoomAsync(ChannelId.Parse("lobby"), new(1)), Is.EqualTo(VoiceError.Unavailable));
        Assert.That(await client.ProbeAsync(Guid.NewGuid(), TimeSpan.FromSeconds(10)), Is.EqualTo(ProbeResult.Gone), "refused at once, which is more than silence");
    }
}
