using Hype.Hosting.Options;
using Microsoft.Extensions.Options;

namespace Hype.Grains.MediaNodes;

internal sealed class NodeLeaseOptionsValidator : IValidateOptions<NodeLeaseOptions>
{
    public ValidateOptionsResult Validate(string? name, NodeLeaseOptions options) => new OptionChecks(NodeLeaseOptions.Section)
        .Range(nameof(options.SuspectAfter), options.SuspectAfter, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(60))
        .Range(nameof(options.ProbeTimeout), options.ProbeTimeout, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10))
        .Range(nameof(options.OrderTimeout), options.OrderTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30))
        .Result();
}
