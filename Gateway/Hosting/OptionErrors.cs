using Microsoft.Extensions.Options;

namespace Hype.Gateway.Hosting;

/// <summary>Collects everything that is wrong with one section of the configuration, so that an operator reads it once.</summary>
internal sealed class OptionErrors(string section)
{
    private readonly List<string> _errors = [];

    public void Require(bool valid, string key, string requirement)
    {
        if (!valid)
            _errors.Add($"{section}:{key} {requirement}");
    }

    public void Range<T>(string key, T value, T least, T most) where T : IComparable<T> =>
        Require(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, key, $"is {value}, but must be between {least} and {most}.");

    public ValidateOptionsResult Result() => _errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_errors);
}
